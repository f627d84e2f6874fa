"""Ctrl-C in the middle: what was sent is reported, and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pushctl import sandbox
from pushctl.core.message import Message

PROJECT = Path(__file__).parents[2]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one child")
def test_what_was_on_its_way_is_reported_as_unknown(sandbox_home: Path, tmp_path: Path) -> None:
    home = sandbox_home / "pushctl" / "sandbox"
    running = sandbox.start(["apns"], home=home)
    try:
        sandbox.announce(running, tmp_path)
        live = running.target("apns", Message(title="Hi"), "sandbox").value
        running.scenario = "hang"
        hanging = running.target("apns", Message(title="Hi"), "sandbox").value
        argv = ["send", "--sandbox", "apns", "-t", live, "-t", hanging, "--title", "Hi", "--json"]
        child = subprocess.Popen(
            [sys.executable, "-m", "pushctl", *argv],
            env={**os.environ, "PUSHCTL_SANDBOX": str(tmp_path), "PYTHONPATH": str(PROJECT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert running.journal is not None
        wait_until(lambda: any(hanging in entry.path for entry in running.journal.entries), child)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=20)
    finally:
        child.kill()
        child.wait()
        running.close()
    assert child.returncode == 130, err
    document = json.loads(out)
    fates = {row["target"]["value"]: row for row in document["results"]}
    assert document["exit_code"] == 130
    assert fates[live]["outcome"] == "accepted"
    assert fates[hanging]["outcome"] == "unknown"
    assert fates[hanging]["sent"] == "maybe"
    assert fates[hanging]["message_id"], "the id that we chose can still be looked up"
    assert "Traceback" not in err


def wait_until(condition, child: subprocess.Popen[str], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert child.poll() is None, child.communicate()
        assert time.monotonic() < deadline, "the push never arrived"
        time.sleep(0.01)
