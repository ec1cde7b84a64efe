"""What moves, recruitment and shared time may count on in the Tanger sample: totals, and rules that hold row by row."""

from collections import Counter, defaultdict

import pytest

from gst_opt.core.grouping import Grouping
from gst_opt.core.mobility import PremiumKind
from gst_opt.network import Travel
from gst_opt.pillars.staff.need import needs
from gst_opt.samples.facts import facts
from gst_opt.samples.staffing import distances


@pytest.fixture(scope="module")
def heads(tanger: Grouping) -> dict[tuple[str, str], int]:
    return {(row.facility, row.skill): row.heads for row in tanger.workforce.staff}


def test_moves_of_specialists_need_approval(tanger: Grouping) -> None:
    asked = {skill.id for skill in tanger.workforce.skills if skill.needs_approval}
    assert asked == {skill.id for skill in tanger.workforce.skills if skill.profession == "specialist"}
    assert len(asked) == 33


def test_who_counts_in_a_target_for_all_professions(tanger: Grouping) -> None:
    left_out = {skill.id: skill.profession for skill in tanger.workforce.skills if not skill.health_professional}
    assert left_out == {
        "administrative": "administrative",
        "auxiliary": "auxiliary",
        "social_worker": "social",
        "biomedical_technician": "technician",
        "statistics_technician": "technician",
    }
    counted = sum(row.heads for row in tanger.workforce.staff if row.skill not in left_out)
    assert counted == 7_000 - (300 + 570 + 30 + 40 + 25)


def test_half_days_on_sale_are_as_dear_as_their_source_says(tanger: Grouping) -> None:
    """Three to four times a public specialist's: 310,000 MAD a year over twice the 217 days worked."""
    days = {row.skill: row.available_days for row in tanger.workforce.working_times}
    offers = tanger.workforce.private_times
    assert all("three to four times the 714 MAD" in row.source for row in offers)
    assert all(3 <= row.price / (310_000 / (2 * days[row.skill])) <= 4 for row in offers)


def test_three_heads_in_a_hundred_are_protected(tanger: Grouping) -> None:
    protected = sum(row.protected for row in tanger.workforce.staff)
    assert protected == pytest.approx(0.03 * 7_000, rel=0.1)
    assert all(row.protected <= row.heads / 4 for row in tanger.workforce.staff)


def test_every_head_has_an_age(tanger: Grouping, heads: dict[tuple[str, str], int]) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    for row in tanger.workforce.staff_ages:
        counted[row.facility, row.skill] += row.heads
    assert counted == heads


def test_the_pyramid_of_a_large_profession_is_that_of_the_facts(tanger: Grouping) -> None:
    nurses = Counter[int]()
    for row in tanger.workforce.staff_ages:
        if row.skill == "polyvalent_nurse":
            nurses[row.age] += row.heads
    for band in (row for row in facts("age_pyramids") if row["profession"] == "nurse"):
        ages = range(int(band["first_age"]), int(band["last_age"]) + 1)
        assert sum(nurses[age] for age in ages) == pytest.approx(2_050 * float(band["share"]), abs=len(ages))


def test_pyramids_are_whole_and_end_before_retirement() -> None:
    shares = defaultdict[str, float](float)
    for row in facts("age_pyramids"):
        shares[row["profession"]] += float(row["share"])
        assert int(row["first_age"]) <= int(row["last_age"]) < 63
    assert all(total == pytest.approx(1) for total in shares.values())


def test_one_to_five_in_a_hundred_retire_within_two_years(tanger: Grouping) -> None:
    retirement = {row.skill: row.retirement_age for row in tanger.workforce.careers}
    assert set(retirement.values()) == {63, 65}
    left: Counter[int] = Counter()
    for row in tanger.workforce.staff_ages:
        left[retirement[row.skill] - row.age] += row.heads
    assert min(left) >= 1
    assert 0.01 <= (left[1] + left[2]) / 7_000 <= 0.05


def test_posts_hold_the_team_and_never_more_than_its_need(
    tanger: Grouping, journeys: Travel, heads: dict[tuple[str, str], int]
) -> None:
    need = needs(tanger.region, tanger.workforce, tanger.activity, tanger.horizon, journeys)
    vacant = 0
    for post in tanger.workforce.posts:
        present = heads.get((post.facility, post.skill), 0)
        assert post.budgeted is not None
        assert post.newcomers is not None
        asked = need[post.facility, post.skill].fte if (post.facility, post.skill) in need else 0.0
        assert present <= post.budgeted < max(present, asked) + 1
        assert post.newcomers >= 2
        vacant += post.budgeted - present
    assert {(post.facility, post.skill) for post in tanger.workforce.posts} == need.keys() | heads.keys()
    assert 1_500 <= vacant <= 3_000


def test_one_head_in_ten_has_filed_wishes_mostly_for_towns(
    tanger: Grouping, journeys: Travel, heads: dict[tuple[str, str], int]
) -> None:
    distance = distances(tanger.region, journeys)
    commune = {site.id: (site.province, site.commune) for site in tanger.region.facilities}
    first: Counter[str] = Counter()
    filed: Counter[tuple[str, str, int]] = Counter()
    for row in tanger.workforce.consents:
        filed[row.origin, row.skill, row.rank] += row.heads
        first[distance[row.host]] += row.heads if row.rank == 1 else 0
        assert commune[row.origin] != commune[row.host]
        assert journeys.minutes(row.origin, row.host) <= 180
    assert all(count <= heads[site, skill] for (site, skill, _), count in filed.items())
    assert first.total() == pytest.approx(700, rel=0.02)
    assert first["near"] / first.total() > 0.75
    assert first.total() > first["near"]
    assert {row.rank for row in tanger.workforce.consents} == {1, 2, 3}


def test_new_posts_are_the_national_ones_pro_rata(tanger: Grouping) -> None:
    posts: Counter[int] = Counter()
    for row in tanger.workforce.new_posts:
        posts[row.year] += row.posts
    share = 4_030_222 / 36_828_330
    assert posts[2025] == round(6_500 * share) == 711
    assert posts[2026] == round(8_000 * share) == 875
    assert {row.profession for row in tanger.workforce.new_posts} == {
        skill.profession for skill in tanger.workforce.skills
    }


def test_one_specialist_post_in_seven_is_filled(tanger: Grouping, heads: dict[tuple[str, str], int]) -> None:
    """241 of 1,637 posts opened in the country in 2025, weighted here by the vacant posts of each site."""
    specialists = {skill.id for skill in tanger.workforce.skills if skill.profession == "specialist"}
    share = {row.facility: row.fill_share for row in tanger.workforce.attractions if row.profession == "specialist"}
    vacant = {
        (post.facility, post.skill): (post.budgeted or 0) - heads.get((post.facility, post.skill), 0)
        for post in tanger.workforce.posts
        if post.skill in specialists
    }
    filled = sum(count * share[site] for (site, _), count in vacant.items())
    assert filled / sum(vacant.values()) == pytest.approx(241 / 1_637, abs=0.01)
    assert all(
        row.fill_share <= row.fill_share_with_incentive <= 1 < row.incentive for row in tanger.workforce.attractions
    )


def test_targets_of_2025_and_2030_are_asked_of_every_province(tanger: Grouping) -> None:
    found = {(row.year, row.per_1000, row.profession) for row in tanger.workforce.staffing_targets}
    assert found == {(2025, 2.0, "*"), (2030, 4.45, "*")}
    assert len(tanger.workforce.staffing_targets) == 2 * 8


def test_premiums_grow_with_distance_and_with_time(tanger: Grouping) -> None:
    for kind in PremiumKind:
        steps = sorted((row.threshold, row.amount) for row in tanger.workforce.premium_steps if row.kind is kind)
        assert len(steps) >= 3
        assert [amount for _, amount in steps] == sorted({amount for _, amount in steps})
    shared = [row.amount for row in tanger.workforce.premium_steps if row.kind is PremiumKind.SHARED_TIME]
    assert [amount / 12 / 4 for amount in sorted(shared)] == [250, 450, 700, 1_000]  # EUR a month at 4 MAD


def test_time_on_sale_is_that_of_specialists_at_public_hospitals(tanger: Grouping) -> None:
    profession = {skill.id: skill.profession for skill in tanger.workforce.skills}
    hospitals = {site.id for site in tanger.region.open_facilities() if site.level.is_hospital}
    assert {profession[row.skill] for row in tanger.workforce.private_times} == {"specialist"}
    assert {row.facility for row in tanger.workforce.private_times} <= hospitals


def test_trainings_end_in_a_skill_that_is_short_somewhere(
    tanger: Grouping, journeys: Travel, heads: dict[tuple[str, str], int]
) -> None:
    need = needs(tanger.region, tanger.workforce, tanger.activity, tanger.horizon, journeys)
    short = {team[1] for team, one in need.items() if heads.get(team, 0) < one.fte}
    assert {row.skill for row in tanger.workforce.trainings} <= short


def test_a_substitute_does_part_of_the_work_of_another_skill(tanger: Grouping) -> None:
    for shift in tanger.workforce.task_shifts:
        assert shift.skill != shift.substitute
        assert 0 < shift.efficiency < 1
