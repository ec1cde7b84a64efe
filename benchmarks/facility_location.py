"""A seeded capacitated facility-location instance: zones served by hosts, one service beside the other.

Costs, demands and capacities follow the generator of Cornuéjols, Sridharan and Thizy (1991, European Journal of
Operational Research 50, 280-297), which the literature on capacitated location uses since: places uniform in the unit
square, demand U[5, 35], capacity U[10, 160] scaled so that all hosts together have `CAPACITY_RATIO` times the
demand, opening cost U[0, 90] + U[100, 110] sqrt(capacity), travel cost 10 a unit of demand and distance. Three things
differ: zones and hosts share one map over all services; a host serves only zones within `REACH`; what is not served
costs `UNMET_COST` a unit of demand, more than the longest journey in reach. Services share no row, so each is
a component of its own. More zones split the same expected demand into smaller ones.
"""

import hashlib
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

SEED = 20_261_122
ZONES, SERVICES, HOSTS = 318, 8, 40
CAPACITY_RATIO = 3.0
REACH = 0.45
TRAVEL_COST = 10.0
UNMET_COST = 2 * TRAVEL_COST


@dataclass(frozen=True)
class Instance:
    """One instance.

    Attributes
    ----------
    demand
        Units by zone and service.
    capacity, opening_cost
        Units, and cost, by host and service.
    zone, host, service
        Positions of each pair in reach, shape (pairs,).
    travel_cost
        Cost of serving the whole demand of each pair.
    """

    demand: Floats
    capacity: Floats
    opening_cost: Floats
    zone: Positions
    host: Positions
    service: Positions
    travel_cost: Floats

    @property
    def unmet_cost(self) -> Floats:
        """Cost of serving nobody, by zone and service."""
        return UNMET_COST * self.demand

    def digest(self) -> str:
        """Return a short hash of all numbers."""
        hashed = hashlib.sha256()
        for array in astuple(self):
            hashed.update(np.ascontiguousarray(array).tobytes())
        return hashed.hexdigest()[:12]


def draw(zones: int = ZONES, services: int = SERVICES, hosts: int = HOSTS, seed: int = SEED) -> Instance:
    """Draw an instance; the same arguments give the same numbers."""
    random = np.random.default_rng(seed)
    host_places = random.random((hosts, 2))
    capacity = random.uniform(10, 160, (hosts, services))
    fixed, by_size = random.uniform(0, 90, (hosts, services)), random.uniform(100, 110, (hosts, services))
    zone_places = random.random((zones, 2))
    demand = np.round(random.uniform(5, 35, (zones, services)) * ZONES / zones, 3)
    capacity = np.round(capacity * CAPACITY_RATIO * demand.sum(axis=0) / capacity.sum(axis=0), 1)
    distance = np.hypot(*(zone_places[:, None] - host_places).transpose(2, 0, 1))
    zone, host = np.nonzero(distance <= REACH)
    service = np.tile(np.arange(services), len(zone))
    zone, host = np.repeat(zone, services), np.repeat(host, services)
    return Instance(
        demand=demand,
        capacity=capacity,
        opening_cost=np.round(fixed + by_size * np.sqrt(capacity), 2),
        zone=zone,
        host=host,
        service=service,
        travel_cost=TRAVEL_COST * np.round(distance[zone, host], 4) * demand[zone, service],
    )
