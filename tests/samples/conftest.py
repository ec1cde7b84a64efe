"""The samples, loaded once."""

import pytest

from gst_opt.core.grouping import Grouping
from gst_opt.network import Travel, travel
from gst_opt.samples import load_sample


@pytest.fixture(scope="session")
def tanger() -> Grouping:
    return load_sample("tanger")


@pytest.fixture(scope="session")
def journeys(tanger: Grouping) -> Travel:
    return travel(tanger.region)
