"""Ctrl-C in the middle: what was sent is reported, and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pushctl import sandbox
from pushctl.cli import send
from pushctl.core.message import Message
from pushctl.flows import session

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


def test_an_interruption_before_anything_happened_is_told(pushctl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(session, "open_session", interrupted)
    monkeypatch.setattr(send, "open_session", interrupted, raising=False)
    ran = pushctl("send", "--sandbox", "apns", "--title", "Hi", "--json")
    document = json.loads(ran.out)
    assert (ran.code, document["exit_code"], document["ok"]) == (130, 130, False)
    assert ran.err == ""


def test_an_interruption_of_the_probe_keeps_the_answer(pushctl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(send, "_probe", interrupted)
    ran = pushctl("send", "--sandbox", "apns", "--title", "Hi", "-t", "ab" * 32, "--probe-env", "--json")
    document = json.loads(ran.out)
    assert ran.code == 130
    assert [row["code"] for row in document["results"]] == ["BadDeviceToken"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one child")
def test_an_interruption_while_modules_are_imported_leaves_no_traceback() -> None:
    code = (
        "import signal, sys\n"
        "from pushctl.__main__ import main\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'typer': signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupt())\n"
        "sys.argv = ['pushctl', 'vendors']\n"
        "sys.exit(main())\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(PROJECT)}
    ran = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (130, "")


def wait_until(condition, child: subprocess.Popen[str], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert child.poll() is None, child.communicate()
        assert time.monotonic() < deadline, "the push never arrived"
        time.sleep(0.01)
