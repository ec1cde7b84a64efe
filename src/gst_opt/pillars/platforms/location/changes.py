"""Changes whose price may be asked for: rules left out, sites refused or kept, one more unit or session; no solver."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from gst_opt.core.equipment import EquipmentUnits, SiteLimit
from gst_opt.core.errors import DataError, DataProblem
from gst_opt.model.changes import Change
from gst_opt.model.problem import PinKind
from gst_opt.pillars.platforms.location.index import platforms
from gst_opt.pillars.platforms.location.policy import Guarantee, LocationPin
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.text import Message

T = TypeVar("T")

LocationChange = Change[LocationProblem]


@dataclass(frozen=True)
class LocationChanges:
    """Changes of a question about platforms and beds, for `rule_prices`.

    Facilities are those of the plan: open, or planned and opened by the policy. What names another one, or an
    unknown type, raises a `DataError`.

    Attributes
    ----------
    problem
        The question as it is.
    """

    problem: LocationProblem

    def guarantees(self) -> tuple[LocationChange, ...]:
        """Leave out each guarantee in turn, in all provinces that it holds for."""
        return tuple(
            self._guaranteed(
                Message("prices.without_guarantee", {"number": number, "reason": one.reason}),
                _without(self.problem.policy.guarantees, number),
            )
            for number, one in enumerate(self.problem.policy.guarantees, 1)
        )

    def province_guarantees(self) -> tuple[LocationChange, ...]:
        """Leave out all that is guaranteed to each province in turn; the others keep theirs."""
        every = sorted({zone.province for zone in self.problem.region.zones})
        held = self.problem.policy.guarantees
        return tuple(
            self._guaranteed(
                Message("prices.without_province", {"province": province}),
                tuple(kept for one in held for kept in _elsewhere(one, province, every)),
            )
            for province in every
            if any(one.province in (None, province) for one in held)
        )

    def pins(self) -> tuple[LocationChange, ...]:
        """Leave out each pin in turn."""
        policy = self.problem.policy
        return tuple(
            Change(
                Message("prices.without_pin", {"number": number, "reason": pin.reason}),
                self.problem.replace(policy=policy.replace(pins=_without(policy.pins, number))),
            )
            for number, pin in enumerate(policy.pins, 1)
        )

    def offers(self) -> tuple[LocationChange, ...]:
        """Withdraw what private providers offer of each service near each facility in turn, in all periods."""
        equipment = self.problem.equipment
        changes = []
        for facility, service in sorted({(row.facility, row.service) for row in equipment.private_offers}):
            left = tuple(row for row in equipment.private_offers if (row.facility, row.service) != (facility, service))
            label = Message("prices.without_offer", {"service": service, "facility": facility})
            problem = self.problem.replace(equipment=equipment.replace(private_offers=left))
            changes.append(Change(label, problem))
        return tuple(changes)

    def one_more_unit(self, facility: str, equipment_type: str) -> LocationChange:
        """Ask for one more unit at a site than today in every year, bought or moved there at its price.

        The site's limit allows one more than today; all else holds: level, floor space, budgets, staff, `max_change`.
        """
        self._expect(facility, equipment_type)
        label = Message("prices.one_more_unit", {"facility": facility, "equipment_type": equipment_type})
        problem = self.problem
        equipment, policy, wanted = problem.equipment, problem.policy, self._today(facility, equipment_type) + 1
        reason = label.text()
        own = next((row for row in equipment.site_limits if _is_at(row, facility, equipment_type)), None) or SiteLimit(
            facility=facility, equipment_type=equipment_type, max_units=wanted, source=reason
        )
        limits = [row for row in equipment.site_limits if not _is_at(row, facility, equipment_type)]
        limits.append(own.replace(max_units=max(own.max_units, wanted)))
        pins = [
            LocationPin(
                kind=PinKind.AT_LEAST,
                value=wanted,
                facility=facility,
                equipment_type=equipment_type,
                year=year,
                reason=reason,
            )
            for year in problem.years
            if year >= problem.first_year[facility]
        ]
        changed = policy.replace(pins=(*policy.pins, *pins))
        return Change(label, problem.replace(equipment=equipment.replace(site_limits=tuple(limits)), policy=changed))

    def one_unit_given(self, facility: str, equipment_type: str) -> LocationChange:
        """Give a site one unit: it is there from the start with its works and space, and outlives the plan.

        Its upkeep, sessions and staff are the grouping's, which may also close or move it.
        """
        self._expect(facility, equipment_type)
        equipment = self.problem.equipment
        there = [row for row in equipment.equipment_units if _is_at(row, facility, equipment_type)]
        undated = sum(row.units for row in there if row.installed is None)
        given = EquipmentUnits(facility=facility, equipment_type=equipment_type, units=undated + 1)
        others = [row for row in equipment.equipment_units if row.key_values() != given.key_values()]
        return Change(
            Message("prices.one_unit_given", {"facility": facility, "equipment_type": equipment_type}),
            self.problem.replace(equipment=equipment.replace(equipment_units=(*others, given))),
        )

    def one_more_session(self, equipment_type: str) -> LocationChange:
        """Open every unit of a type for one more session a week, mobile units left out."""
        self._expect(None, equipment_type)
        equipment = self.problem.equipment
        types = tuple(
            one.replace(sessions_per_week=one.sessions_per_week + 1) if one.id == equipment_type else one
            for one in equipment.equipment_types
        )
        return Change(
            Message("prices.one_more_session", {"equipment_type": equipment_type}),
            self.problem.replace(equipment=equipment.replace(equipment_types=types)),
        )

    def site_refused(self, facility: str) -> LocationChange:
        """Leave a site without any unit or bed in every year; those of today are closed or moved.

        There is no plan where the policy does not let it lose as many (`close`, `max_change`).
        """
        return self._pinned("prices.site_refused", PinKind.FORBID, facility)

    def site_kept(self, facility: str) -> LocationChange:
        """Keep all units and beds of a site as they are today, in every year."""
        return self._pinned("prices.site_kept", PinKind.KEEP, facility)

    def _pinned(self, key: str, kind: PinKind, facility: str) -> LocationChange:
        self._expect(facility, None)
        label = Message(key, {"facility": facility})
        pins = tuple(
            LocationPin.model_validate(
                {
                    "kind": kind,
                    "facility": facility,
                    "ward" if one.block else "equipment_type": one.resource,
                    "reason": label.text(),
                }
            )
            for one in platforms(self.problem)
            if one.facility == facility
        )
        policy = self.problem.policy
        return Change(label, self.problem.replace(policy=policy.replace(pins=(*policy.pins, *pins))))

    def _guaranteed(self, label: Message, guarantees: tuple[Guarantee, ...]) -> LocationChange:
        return Change(label, self.problem.replace(policy=self.problem.policy.replace(guarantees=guarantees)))

    def _today(self, facility: str, equipment_type: str) -> int:
        rows = self.problem.equipment.equipment_units
        return sum(row.units for row in rows if _is_at(row, facility, equipment_type))

    def _expect(self, facility: str | None, equipment_type: str | None) -> None:
        """Refuse what the plan does not have."""
        problems = []
        if facility is not None and facility not in self.problem.facilities:
            problems.append(DataProblem("changes", 0, "facility", facility, Message("prices.facility_of_plan")))
        if equipment_type is not None and equipment_type not in {
            one.id for one in self.problem.equipment.equipment_types
        }:
            expected = Message("core.unknown_reference", {"table": "equipment_types"})
            problems.append(DataProblem("changes", 0, "equipment_type", equipment_type, expected))
        if problems:
            raise DataError(problems)


def _is_at(row: EquipmentUnits | SiteLimit, facility: str, equipment_type: str) -> bool:
    return (row.facility, row.equipment_type) == (facility, equipment_type)


def _without(rows: Sequence[T], number: int) -> tuple[T, ...]:
    return (*rows[: number - 1], *rows[number:])


def _elsewhere(one: Guarantee, province: str, every: Sequence[str]) -> Iterator[Guarantee]:
    """Yield what is left of a guarantee without one province."""
    if one.province is None:
        yield from (one.replace(province=other) for other in every if other != province)
    elif one.province != province:
        yield one
