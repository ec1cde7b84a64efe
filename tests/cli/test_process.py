"""The command line as a process: Ctrl-C, a closed pipe, a missing extra."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import gst_opt as gst
from tests.cli.run import command

ON_LINUX = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the worker through /proc")


def start(*arguments: str | Path) -> "subprocess.Popen[str]":
    """Start a command in a process group of its own that Ctrl-C reaches, as a terminal does, whatever started us."""
    return subprocess.Popen(
        command(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        preexec_fn=_heed_ctrl_c,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )


def _heed_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def has_child(process: "subprocess.Popen[str]") -> bool:
    tasks = Path(f"/proc/{process.pid}/task")
    try:
        return any((task / "children").read_text().strip() for task in tasks.iterdir())
    except OSError:
        return False


@ON_LINUX
def test_ctrl_c_while_solving_writes_the_best_plan(tmp_path: Path) -> None:
    """A quick machine may be done before Ctrl-C arrives: then sooner."""
    for wait in (0.3, 0.15, 0.05, 0.0, 0.0):
        process = start("plan", "tanger", "--only", "redeployment", "--radius", "600", "--gap", "0", "--out", tmp_path)
        deadline = time.monotonic() + 60
        while not has_child(process):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(wait)
        os.killpg(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        if process.returncode != 0:
            break
    assert process.returncode == 130
    assert errors == ""
    assert "(interrupted)" in output
    content = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert (content["status"], content["stop"], content["checked"]) == ("feasible", "interrupt", True)
    assert content["objective"] <= content["stages"][0]["today"]
    assert (tmp_path / "moves.csv").exists()


@pytest.mark.parametrize("wait", [0.5, 1.0])
def test_ctrl_c_at_any_other_time_leaves_without_a_traceback(wait: float, tmp_path: Path) -> None:
    process = start("plan", "tanger", "--out", tmp_path)
    time.sleep(wait)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors


@ON_LINUX
@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "Interrupted: no plan was written for the question at hand.\n"),
        ("fr", "Interrompu : aucun plan n'a été écrit pour la question en cours.\n"),
    ],
)
def test_ctrl_c_while_the_model_is_built_says_that_nothing_was_written(
    lang: str, sentence: str, tmp_path: Path
) -> None:
    program = (
        "import signal, sys\nfrom gst_opt import cli\nfrom gst_opt.solve import run\n"
        "run.compile_model = lambda *_: signal.raise_signal(signal.SIGINT)\n"
        "sys.argv = ['gst-opt', 'plan', 'two_towns', '--only', 'redeployment', "
        f"'--lang', '{lang}', '--out', {str(tmp_path)!r}]\n"
        "cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", sentence)
    assert list(tmp_path.iterdir()) == []


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    process = start("plan", "two_towns", "--only", "redeployment", "--out", tmp_path)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.wait(timeout=60)
    process.stderr.close()
    assert (tmp_path / "plan.json").exists()


@pytest.mark.parametrize("missing", ["typer", "tqdm"])
def test_without_the_extra_it_says_what_to_install(missing: str) -> None:
    program = f"import sys; sys.modules[{missing!r}] = None; from gst_opt.cli import main; main()"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "pip install 'gst_opt[cli]'" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_terminal_that_cannot_show_a_letter_still_gets_the_rest(tmp_path: Path) -> None:
    gst.write_folder(gst.load_sample("two_towns").replace(name="طنجة"), tmp_path / "data")
    run = subprocess.run(
        command("plan", tmp_path / "data", "--only", "redeployment", "--lang", "fr", "--out", tmp_path / "out"),
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "latin-1"},
    )
    assert run.returncode == 0
    shown = run.stdout.decode("latin-1")
    assert shown.startswith("???? : établissements 4,")
    assert "habitants 60\u00a0000" in shown
    assert (tmp_path / "out" / "summary.txt").read_text(encoding="utf-8").startswith("طنجة : ")
