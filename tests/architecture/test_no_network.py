"""No connection is started, by the host or by the worker."""

import os
import subprocess
import sys
from pathlib import Path

HOOK = """
import os, sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        os.write(log, f"{event}\\n".encode())
        raise OSError(event)

log = os.open(os.environ["GST_OPT_TEST_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
os.write(log, b"process\\n")
sys.addaudithook(refuse)
"""

SOLVE = """
import gst_opt as gst
result = gst.solve(gst.RedeploymentProblem.of(gst.load_sample("two_towns")))
print(result.status)
"""


def test_a_solve_opens_no_connection(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    log = tmp_path / "log"
    settings = {**os.environ, "PYTHONPATH": str(tmp_path), "GST_OPT_TEST_LOG": str(log)}
    run = subprocess.run([sys.executable, "-c", SOLVE], env=settings, capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "optimal", run.stderr
    seen = log.read_text(encoding="utf-8").split()
    assert seen.count("process") >= 2, "the worker was not watched"
    assert set(seen) == {"process"}
