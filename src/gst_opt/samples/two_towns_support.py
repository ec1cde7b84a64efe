"""Support functions of the two towns, small enough to be counted by hand.

The hospital of North washes 40,000 kg of linen a year, that of South 10,000; each for 60,000 MAD a year and 3 MAD a
kilogram: 180,000 and 90,000, together 270,000. A laundry in North could wash 60,000 kg for 70,000 MAD a year and 2 MAD
a kilogram, once 50,000 MAD of works are paid. South is 30 minutes away, at 0.01 MAD a kilogram and minute: 3,000 MAD.

- In common: 70,000 + 100,000 + 3,000 = 173,000 MAD a year, 97,000 less than today, and once 50,000 for works and
  2 x 5,000 for the changes: 37,000 less in the first year.
- In North alone: 70,000 + 80,000 = 150,000 MAD a year, 30,000 less than today, and once 55,000.
- Nurses take an hour for 50 kg today and for 100 in the laundry: 800 and 200 hours are freed, 500 needed in North.

Meals come from each hospital's own kitchen, at 30 MAD: a kitchen in common may be 20 minutes away at most, and one for
North alone would cost more than today.
"""

from gst_opt.core.support import (
    Hub,
    HubLevel,
    HubStaff,
    Support,
    SupportFunction,
    SupportStaff,
    SupportToday,
    SupportVolume,
)

VOLUMES = {
    ("laundry", "hp-north"): 40_000.0,
    ("laundry", "hpr-south"): 10_000.0,
    ("catering", "hp-north"): 36_000.0,
    ("catering", "hpr-south"): 12_000.0,
}


def support(period: str) -> Support:
    """Build the linen and the meals of the two hospitals."""
    return Support(
        support_functions=(
            SupportFunction(
                id="laundry",
                name_fr="Blanchisserie",
                name_en="Laundry",
                driver="kilograms of linen",
                max_minutes=45,
                carriage=0.01,
                migration_cost=5_000,
            ),
            SupportFunction(
                id="catering",
                name_fr="Restauration",
                name_en="Catering",
                driver="meals",
                max_minutes=20,
                migration_cost=5_000,
            ),
        ),
        support_volumes=tuple(
            SupportVolume(support_function=function, facility=facility, period=period, volume=volume)
            for (function, facility), volume in VOLUMES.items()
        ),
        support_today=tuple(
            SupportToday(
                support_function=function,
                facility=facility,
                fixed_cost=60_000 if function == "laundry" else 0,
                unit_cost=3 if function == "laundry" else 30,
            )
            for function, facility in VOLUMES
        ),
        support_staff=tuple(
            SupportStaff(support_function=function, facility=facility, skill="nurse", hours_per_unit=0.02)
            for function, facility in VOLUMES
            if function == "laundry"
        ),
        hubs=(
            Hub(support_function="laundry", facility="hp-north"),
            Hub(support_function="catering", facility="hp-north"),
        ),
        hub_levels=(
            HubLevel(
                support_function="laundry",
                facility="hp-north",
                capacity=60_000,
                fixed_cost=70_000,
                unit_cost=2,
                opening_cost=50_000,
            ),
            HubLevel(
                support_function="catering", facility="hp-north", capacity=50_000, fixed_cost=400_000, unit_cost=20
            ),
        ),
        hub_staff=(HubStaff(support_function="laundry", skill="nurse", hours_per_unit=0.01),),
    )
