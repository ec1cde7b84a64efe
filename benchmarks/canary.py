"""The panel of known bugs on the highspy that is installed: bare, and behind the guard; what changed since last time.

``python -m benchmarks.canary`` prints one line a case and says which cases no longer do what `canary.json` has for
them, as after an upgrade of highspy; ``--record`` writes what they do now. It exits with 1 when the guard is wrong.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.bug_panel import PANEL, UNBOUNDED, Case, guarded
from gst_opt.core.errors import SolverError
from gst_opt.solve.belief import Ended
from gst_opt.solve.once import Limits

RECORD = Path(__file__).with_name("canary.json")
SECONDS = 2.0
PATIENCE_SECONDS = 6.0
WAYS = ("on", "off")


def bare(number: int, presolve: str) -> str:
    """Return what HiGHS says of a case in this process, without any guard."""
    import highspy

    from gst_opt.solve.components import whole
    from gst_opt.solve.standard import standard_form
    from gst_opt.solve.worker import load

    part = whole(PANEL[number].model)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "presolve": presolve,
        "time_limit": SECONDS,
        "mip_rel_gap": 1e-6,
    }
    for name, value in options.items():
        solver.setOptionValue(name, value)
    form = standard_form(part, part.costs["cost"])
    arrays = {**form.frame(), "lower": part.lower, "upper": part.upper}
    load(solver, arrays)
    solver.run()
    status = solver.getModelStatus().name.removeprefix("k")
    return f"{status} {solver.getInfo().objective_function_value:.6g}" if status == "Optimal" else status


def bare_apart(number: int, presolve: str) -> str:
    """Return the same from a process of its own, which may crash or never end."""
    command = [sys.executable, "-m", "benchmarks.canary", str(number), presolve]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return "no end"
    return done.stdout.strip() if done.returncode == 0 else f"crash {done.returncode}"


def behind_the_guard(case: Case) -> tuple[str, bool]:
    """Return what the guard says of a case, and whether that is not wrong: the value, a refusal, or unknown."""
    try:
        run = guarded(case.model, Limits(1e-6, time.monotonic() + SECONDS, 0))
    except SolverError:
        return "refused", True
    if run.ended is Ended.INFEASIBLE:
        return "Infeasible", case.value is None
    if run.ended is Ended.OPTIMAL and run.x is not None:
        value = float(case.model.terms["cost"].costs @ run.x)
        right = case.value not in (None, UNBOUNDED) and bool(np.isclose(value, case.value or 0.0, rtol=1e-5, atol=1e-6))
        return f"Optimal {value:.6g}", right
    return "unknown", True


def main(arguments: Sequence[str]) -> int:
    """Run the panel; return 1 when the guard is wrong about a case."""
    said = {}
    wrong = []
    for number, case in enumerate(PANEL):
        guard, right = behind_the_guard(case)
        said[case.name] = {way: bare_apart(number, way) for way in WAYS} | {"guard": guard}
        wrong += [] if right else [case.name]
        print(f"{case.name:52} {case.value!s:>9.9} {' | '.join(said[case.name].values())}", flush=True)
    if "--record" in arguments:
        RECORD.write_text(json.dumps({"highspy": version("highspy"), "said": said}, indent=2) + "\n", encoding="utf-8")
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))
    changed = [name for name, now in said.items() if recorded["said"].get(name) != now]
    print(f"highspy {version('highspy')} against {recorded['highspy']}: {len(changed)} of {len(said)} cases changed")
    for name in changed:
        print(f"  {name}: {recorded['said'].get(name)} -> {said[name]}")
    print(f"the guard is wrong about {len(wrong)}: {', '.join(wrong) or '-'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[2] in WAYS:
        print(bare(int(sys.argv[1]), sys.argv[2]))
    else:
        sys.exit(main(sys.argv[1:]))
