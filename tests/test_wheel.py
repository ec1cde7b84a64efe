"""The wheel, installed in an empty environment, plans a sample."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_installed_wheel_plans_two_towns(tmp_path: Path) -> None:
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, ROOT)
    (wheel,) = tmp_path.glob("gst_opt-*.whl")
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    run(binaries / "python", "-m", "pip", "install", "--quiet", "--no-compile", f"{wheel}[cli]")
    run(binaries / "gst-opt", "plan", "two_towns", "--only", "redeployment", "--out", tmp_path / "out")
    plan = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert (plan["status"], plan["terms"][0]["planned"]) == ("optimal", 2.0)


def run(*arguments: str | Path) -> None:
    """Run a command away from the sources."""
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, env=clean, cwd=Path.home())
    assert done.returncode == 0, done.stderr
