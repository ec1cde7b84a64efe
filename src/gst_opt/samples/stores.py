"""The depots of the Tanger sample, and what deliveries cost: by bands of minutes, so that many facilities are alike."""

from collections.abc import Iterable, Sequence

from gst_opt.core.region import Facility, Region
from gst_opt.core.stocks import Depot, DepotDelivery, DepotSupply, DirectDelivery, Stocks
from gst_opt.network import Travel
from gst_opt.samples.facts import facts, rules


def stocks(region: Region, journeys: Travel) -> Stocks:
    """Return the depots, who delivers to them, whom they deliver to, and who delivers straight to large hospitals."""
    large = _large(region)
    return Stocks(
        depots=tuple(
            Depot(
                id=row["id"],
                facility=row["facility"],
                storage=float(row["storage"]),
                holding_rate=float(row["holding_rate"]),
                source=row["source"],
            )
            for row in facts("depots")
        ),
        depot_supplies=tuple(
            DepotSupply(supplier=firm["id"], depot=row["id"], mad_per_m3=float(row["inward"]))
            for row in facts("depots")
            for firm in facts("suppliers")
        ),
        depot_deliveries=tuple(_deliveries(region.open_facilities(), journeys)),
        direct_deliveries=tuple(
            DirectDelivery(supplier=firm["id"], facility=site.id, mad_per_m3=float(firm["direct"]))
            for firm in facts("suppliers")
            if firm["direct"]
            for site in large
        ),
    )


def _large(region: Region) -> list[Facility]:
    """Return the hospitals that some suppliers deliver to themselves."""
    beds = region.beds()
    return [site for site in region.open_facilities() if beds.get(site.id, 0) >= int(rules()["direct_beds"])]


def _deliveries(sites: Sequence[Facility], journeys: Travel) -> Iterable[DepotDelivery]:
    """Yield the ways from depots to the sites within their reach, or nearest to them."""
    depots = {row["id"]: row["facility"] for row in facts("depots")}
    reach = float(rules()["depot_minutes"])
    for site in sites:
        minutes = {depot: journeys.minutes(place, site.id) for depot, place in depots.items()}
        nearest = min(minutes.values())
        for depot, time in minutes.items():
            if time <= max(reach, nearest):
                yield DepotDelivery(depot=depot, facility=site.id, mad_per_m3=_price(time))


def _price(minutes: float) -> float:
    """Return what a cubic metre costs over a journey: that of the first band that holds it."""
    bands = sorted((float(row["minutes"]), float(row["mad_per_m3"])) for row in facts("delivery_bands"))
    return next(price for most, price in bands if minutes <= most)
