"""What a summary says of the data behind a plan: sources, journeys, people who are counted nowhere."""

import pytest

import gst_opt as gst
from gst_opt.core.region import Region, TravelTime, Zone
from gst_opt.core.sources import Source, SourceLabel
from gst_opt.report.data import data_text
from tests.cli.run import words

TWO_TOWNS = gst.load_sample("two_towns")


def told(grouping: gst.Grouping, lang: gst.Lang = gst.Lang.EN) -> str:
    return words(data_text(grouping, lang))


def with_region(**tables: tuple[object, ...]) -> gst.Grouping:
    return TWO_TOWNS.replace(region=TWO_TOWNS.region.replace(**tables))


def labelled(*labels: tuple[str, str, SourceLabel]) -> gst.Grouping:
    rows = [Source(table=table, column=column, label=label, source="a test") for table, column, label in labels]
    return TWO_TOWNS.replace(sources=tuple(rows))


def test_a_table_is_worth_its_weakest_column() -> None:
    text = told(
        labelled(
            ("staff", "heads", SourceLabel.ESTIMATE),
            ("staff", "skill", SourceLabel.OFFICIAL),
            ("populations", "*", SourceLabel.OFFICIAL),
            ("periods", "*", SourceLabel.SYNTHETIC),
        )
    )
    assert "official (inhabitants), estimated (staff), without a source (staffing norms, facilities," in text
    assert "synthetic" not in text


def test_synthetic_figures_are_a_warning_in_both_languages() -> None:
    assert "Beware: synthetic figures were made by a rule, not observed." in told(TWO_TOWNS)
    assert "synthétique (effectifs," in told(TWO_TOWNS, gst.Lang.FR)
    assert "ynth" not in told(TWO_TOWNS.replace(sources=()))


def test_tables_that_are_empty_have_no_label() -> None:
    assert "journey times" not in told(TWO_TOWNS)


def test_journeys_are_counted_by_method() -> None:
    """4 facilities are 12 journeys; 3 of them are given."""
    first, second, third, _ = (facility.id for facility in TWO_TOWNS.region.facilities)
    given = [(first, second), (second, first), (first, third)]
    times = tuple(TravelTime(origin=one, destination=other, minutes=7.0) for one, other in given)
    assert "Journeys between facilities: times given 25.0%, by road 75.0%." in told(with_region(travel_times=times))


def test_journeys_that_cannot_be_computed_are_a_warning() -> None:
    text = told(with_region(roads=()))
    assert "impossible to compute 100.0%." in text
    assert "Beware: 12 of 12 journeys between facilities cannot be computed" in text
    assert "Attention : 12 trajets entre sites sur 12" in told(with_region(roads=()), gst.Lang.FR)


def test_nothing_is_said_of_journeys_where_there_are_none() -> None:
    assert "Journeys" not in told(gst.Grouping(id="a", name="A"))


def test_people_whom_no_facility_counts_are_a_warning() -> None:
    """Without roads the 60,000 inhabitants reach nobody."""
    assert "counted" not in told(TWO_TOWNS)
    text = told(with_region(roads=()))
    assert "Beware: 60,000 of 60,000 inhabitants are counted for no centre or dispensary" in text
    assert "60,000 of them live in zones that reach no facility" in text


def test_people_who_reach_a_hospital_only_are_told_apart() -> None:
    hospitals = tuple(site for site in TWO_TOWNS.region.facilities if site.level.is_hospital)
    kept = {site.id for site in hospitals}
    region: Region = TWO_TOWNS.region.replace(
        facilities=tuple(site.replace(reference=None) for site in hospitals),
        roads=tuple(
            road
            for road in TWO_TOWNS.region.roads
            if {road.origin, road.destination} <= kept | {zone.id for zone in TWO_TOWNS.region.zones}
        ),
        ward_beds=(),
    )
    grouping = gst.Grouping(id="a", name="A", region=region)
    reached = gst.travel(region).nearest([zone.id for zone in region.zones], sorted(kept))[0]
    cut_off = sum(
        region.inhabitants()[zone.id] for zone, site in zip(region.zones, reached.tolist(), strict=True) if site < 0
    )
    assert f"; {cut_off:,} of them" in told(grouping)
    assert cut_off < 60_000


def test_a_zone_without_people_is_no_warning() -> None:
    empty = Zone(id="z-empty", name="Nobody", commune="Nobody", province="North", urban=False)
    assert "counted" not in told(with_region(zones=(*TWO_TOWNS.region.zones, empty)))


@pytest.mark.parametrize("lang", list(gst.Lang))
def test_lines_fit_a_terminal(lang: gst.Lang) -> None:
    assert max(map(len, data_text(with_region(roads=()), lang).splitlines())) <= 100
