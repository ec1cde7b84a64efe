"""Random problems in the manner of a grouping: sites that open, staff in whole posts, flows, shortage, big-Ms."""

import numpy as np
from benchmarks.bug_panel import Named
from scipy.sparse import csr_array

from gst_opt.solve.compiled import CompiledTerm

BIG_MS = (1e2, 1e3, 1e4, 1e5, 1e6, 1e7)


def draw(seed: int) -> Named:
    """Draw a problem; one in eight asks more of the sites than they can do, and its shortage is forbidden.

    Columns: open (sites), posts (sites), flow (sites by services), shortage (services). Rows: demand of each service,
    capacity and hours of each site, posts only where open, the pool of posts, at most so many sites.
    """
    rng = np.random.default_rng(seed)
    sites, services = int(rng.integers(2, 5)), int(rng.integers(1, 4))
    big = BIG_MS[rng.integers(len(BIG_MS))]
    pool = int(rng.integers(2, 9))
    open_, posts = np.arange(sites), sites + np.arange(sites)
    flow = 2 * sites + np.arange(sites * services).reshape(sites, services)
    short = 2 * sites + sites * services + np.arange(services)
    columns = 2 * sites + sites * services + services
    demand = np.round(rng.uniform(0.5, 20.0, services), 1)
    hours = np.round(rng.uniform(0.5, 3.0, services), 2)
    rows: list[tuple[dict[int, float], float, float]] = []
    for service in range(services):
        entries = {int(column): 1.0 for column in flow[:, service]} | {int(short[service]): 1.0}
        rows.append((entries, demand[service], demand[service]))
    for site in range(sites):
        flows = [int(column) for column in flow[site]]
        rows.append((dict.fromkeys(flows, 1.0) | {int(open_[site]): -big}, -np.inf, 0.0))
        rows.append((dict(zip(flows, hours, strict=True)) | {int(posts[site]): -8.0}, -np.inf, 0.0))
        rows.append(({int(posts[site]): 1.0, int(open_[site]): -big}, -np.inf, 0.0))
    rows.append((dict.fromkeys(map(int, posts), 1.0), -np.inf, float(pool)))
    rows.append((dict.fromkeys(map(int, open_), 1.0), -np.inf, float(rng.integers(1, sites + 1))))
    upper = np.full(columns, np.inf)
    upper[open_] = 1.0
    upper[posts] = rng.choice([6.0, 50.0, 1e5, 1e9, np.inf], sites)
    if rng.random() < 0.5:
        upper[flow] = np.round(rng.uniform(1.0, 15.0, flow.shape), 1)
    if rng.random() < 0.125:
        upper[short] = 0.0
    costs = np.zeros(columns)
    costs[open_] = rng.integers(5, 60, sites)
    costs[posts] = rng.integers(1, 20, sites)
    costs[flow] = np.round(rng.uniform(0.0, 3.0, flow.shape), 1)
    costs[short] = rng.integers(5, 60, services)
    integer = np.zeros(columns, dtype=bool)
    integer[open_] = integer[posts] = True
    matrix = np.zeros((len(rows), columns))
    for row, (entries, _, _) in enumerate(rows):
        matrix[row, list(entries)] = list(entries.values())
    return Named(
        matrix=csr_array(matrix),
        row_lower=np.array([low for _, low, _ in rows]),
        row_upper=np.array([high for _, _, high in rows]),
        lower=np.zeros(columns),
        upper=upper,
        integer=integer,
        redundant=np.zeros(len(rows), dtype=bool),
        together=np.full(columns, -1),
        terms={"cost": CompiledTerm(costs, 0.0, "MAD")},
        families=(),
        row_data=(),
    )
