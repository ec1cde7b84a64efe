"""`gst-opt plan --only purchasing`: the tender, its call-offs month by month, their distribution, in both languages."""

import json
from pathlib import Path
from typing import Any

import pytest

import gst_opt as gst
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.payments import CashLimit
from gst_opt.report.purchasing import awards
from gst_opt.report.purchasing_flows import calloffs, distribution
from gst_opt.report.summary import result_text
from gst_opt.text import Lang
from tests.cli.run import invoke, planned, words
from tests.purchasing.awards import toys as tenders
from tests.purchasing.calloffs import toys as calls
from tests.purchasing.distribution import toys as moves

ONE = gst.SolveOptions(workers=1)
TOWNS = gst.load_sample("two_towns")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planned(tmp_path_factory.mktemp("purchasing"), "purchasing")


def test_the_tender_of_two_towns_is_told(folder: Path) -> None:
    """By hand, in `samples/two_towns_purchases.py`: beta sells paracetamol and contrast, alpha gloves."""
    text = (folder / "summary.txt").read_text(encoding="utf-8")
    assert max(len(line) for line in text.splitlines() if not line.startswith("Files in")) <= 120
    said = words(text)
    assert "Needs: 3, at 2 sites. Offers that can be taken: 6, from 3 suppliers." in said
    assert "The plan buys from 2 of them for 92,910 MAD, less rebates of 3,540 MAD." in said
    assert "would cost 106,875 MAD: a saving of 13,965 MAD (13.1%)." in said
    assert "- reserved to small firms: 30.0% of the forecast amounts (30.0% asked)" in said
    assert "- prices of non-resident suppliers count 15.0% more in the comparison, which is not paid" in said
    assert "All 3 96,450.0 92,910.0 100.0% beta 2 70,800.0 67,260.0 72.4% alpha 1 25,650.0" in said
    assert "lot-gloves yes alpha 25,650.0 25,650.0" in said
    assert "beta beta-all 70,800.0 5.0% 3,540.0" in said
    assert "Medicines 2 0 67,260.0 77,805.0 10,545.0 13.6%" in said
    assert "Paracetamol 500 mg 63,000.0 23,940.0 0.38 0.47 5,985.0" in said
    assert "References kept: 3, for 3 needs; new: 1, which cost 500 MAD to take up." in said


def test_call_offs_and_deliveries_are_those_of_the_tender(folder: Path) -> None:
    """All that was awarded is called off, paid two months after the first of a month, and invoiced."""
    said = words((folder / "summary.txt").read_text(encoding="utf-8"))
    assert "From 2026-01 to 2026-12, what to order and when, of what was awarded, so that" in said
    assert "to 2 suppliers, with 10 lines, for 92,910 MAD, of which 0 MAD fall due after the last period." in said
    assert "All 6 10 92,910.0 92,910.0 2026-01 2 3 29,304.2 0.0" in said
    assert "2026-11 0 0 0.0 16,953.2 2026-12 0 0 0.0 0.0" in said  # a year has twelve months, and a total
    assert "2025-12-02 alpha 2026-01 1 12,719.6" in said
    assert "Owed without being ordered" not in said.partition("CALL-OFFS")[2].partition("Proof")[0]
    assert "All 92,910.0 256.6 3,600.0 1,093.6 0.0 97,860.2 Hospital of North" in said
    assert said.count("Nothing is missing in any period.") == 2
    assert "Files in" in said
    assert "calloffs/plan.json, calloffs/orders.csv" in said
    plan = json.loads((folder / "calloffs" / "plan.json").read_text(encoding="utf-8"))["plan"]
    assert {one["reference"]: one["least"] for one in plan["offers"]} == {
        "contrast-10": 114.0,
        "gloves-100": 855.0,
        "paracetamol-100": 630.0,
    }


def test_french_is_spoken_to_the_end(tmp_path: Path) -> None:
    said = words(invoke("plan", "two_towns", "--only", "purchasing", "--lang", "fr", "--out", tmp_path).stdout)
    for heading in ("ATTRIBUTION DES MARCHÉS", "APPELS DE COMMANDES", "DISTRIBUTION"):
        assert heading in said
    assert "les mêmes quantités coûteraient 106 875 MAD : 13 965 MAD d'économie (13,1 %)." in said
    assert "Produit de contraste iodé 1 140,0 43 320,0 38,00 42,00 4 560,0" in said
    assert "Rien ne manque, à aucune période." in said


def test_a_question_asked_alone_is_not_after_another(tmp_path: Path) -> None:
    """Without awards every offer stands at its list price, and nothing has to be ordered."""
    run = invoke("plan", "two_towns", "--only", "calloffs", "--out", tmp_path)
    assert run.exit_code == 0
    plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["plan"]
    assert {one["least"] for one in plan["offers"]} == {0.0}
    assert "what to order and when, of all offers at their list prices, so that" in words(run.stdout)
    assert "of what was awarded" not in words(run.stdout)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        # 20 of 100 gloves are short for want of money
        (tenders.BUDGET, "a shortage that costs less (needs: 1); hit most: Examination gloves (20.0% missing)"),
        (tenders.BUDGET, "- budget: 80 MAD"),
        (tenders.SOURCES, "Rules of the tender: - test"),
        (tenders.PINNED, "Decisions already taken"),
        (tenders.CASH, "2026 80.0 80.0"),
    ],
)
def test_what_binds_a_tender_is_told(problem: gst.AwardProblem, said: str) -> None:
    assert said in words("\n".join(awards(TOWNS, problem, gst.solve(problem, ONE), Lang.EN)))


def test_a_plan_that_buys_nothing_tells_what_is_short_and_no_empty_table() -> None:
    problem = tenders.tender(tenders.TWO, budget=0.0)
    result = gst.solve(problem, ONE)
    said = words("\n".join(awards(TOWNS, problem, result, Lang.EN)))
    assert "The plan buys from 0 of them for 0 MAD" in said
    assert "(needs: 1); hit most: Examination gloves (100.0% missing)" in said
    assert "(0 of 0" not in said
    assert "today's prices" not in said
    assert result.require().categories().rows[-1][-1] is None


CALLS: tuple[tuple[CallOffProblem, str], ...] = (
    (
        calls.season({calls.LATEX: {"lead_time": 90.0}}),
        "nothing can arrive in time (cases: 1); hit most: Examination gloves, 2026-01",
    ),
    (calls.COMMITMENT, "Owed without being ordered: 50 MAD for quantities awarded, 0 MAD for minimums of contracts."),
    (calls.CONTRACT_MINIMUM, "0 MAD for quantities awarded, 50 MAD for minimums of contracts."),
    (
        calls.gloves(cash_limits=tuple(CashLimit(period=one, mad=0.0) for one in (calls.FEB, calls.MAR))),
        "money, decisions already taken, or a shortage that costs less",
    ),
    (
        calls.season(stocks=calls.in_store(31.0, hp=150.0)),
        "used before any order: 1 references in 1 stores; expired or not needed: 1 rows",
    ),
)


@pytest.mark.parametrize(("problem", "said"), CALLS)
def test_what_binds_call_offs_is_told(problem: CallOffProblem, said: str) -> None:
    assert said in words("\n".join(calloffs(TOWNS, problem, gst.solve(problem, ONE), Lang.EN)))


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (moves.gloves(), "4.0 m³ go to 2 sites in 2 periods, 2.0 m³ of them by depots, with 3 stops."),
        (moves.gloves(), "store 1.0 100.0"),
        (moves.STORAGE, "room of depots, stops, decisions already taken, or a shortage that costs less (cases: 1)"),
        (moves.AVAILABLE, "all that came is delivered (cases: 1); hit most: Examination gloves, 2026-02"),
        (moves.PINNED, "Decisions already taken"),
    ],
)
def test_what_binds_a_distribution_is_told(problem: gst.DistributionProblem, said: str) -> None:
    assert said in words("\n".join(distribution(TOWNS, problem, gst.solve(problem, ONE), Lang.EN)))


@pytest.mark.parametrize(("lang", "said"), [(Lang.EN, "nothing to buy"), (Lang.FR, "rien à acheter")])
def test_nothing_to_buy_is_said(lang: Lang, said: str) -> None:
    nothing = TOWNS.replace(catalogue=TOWNS.catalogue.replace(consumption=()))
    questions: list[Any] = [gst.AwardProblem.of(nothing), gst.CallOffProblem.of(nothing)]
    for problem in (*questions, gst.DistributionProblem.of(nothing)):
        assert said in result_text(nothing, problem, gst.solve(problem, ONE), lang)
