"""Stories told as transcripts: command lines, what they print, how they end.

A file in ``transcripts/`` holds blocks: ``$ pushctl …`` (a shell's quoting, no shell), what it prints (stderr behind
``! ``) and ``# exit N`` where N is not 0. ``< FILE`` at the end of a command feeds it a file of ``inputs/``.
``PUSHCTL_UPDATE_GOLDEN=1`` writes the files anew; read the difference before you commit it.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
STORIES = sorted((HERE / "transcripts").glob("*.txt"))
INPUTS = HERE / "inputs"
UPDATE = bool(os.environ.get("PUSHCTL_UPDATE_GOLDEN"))  # read now: a test's environment is clean

# What differs from run to run, and what stands for it.
VOLATILE = (
    (re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"), "UUID"),
    (re.compile(r"\b\d+ ms\b"), "N ms"),
    (re.compile(r'"elapsed_ms": ?\d+'), '"elapsed_ms": 0'),
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"), "DATE"),
    (re.compile(r'"(iat|exp)":\d+'), r'"\1":0'),
    (re.compile(r'"kid":"[0-9a-f]{32,40}"'), '"kid":"KEY"'),
    (re.compile(r"\b0:\d{16}%[0-9a-f]{16}\b"), "FCM-ID"),
    (re.compile(r"\b1[78]\d{16,24}\b"), "REQUEST-ID"),
    (re.compile(r"\b104000001-[0-9a-f]{32}\b"), "REQUEST-ID"),
    (re.compile(r"(client_secret = \S+\n(?:.*\n)*?# body: )\d+"), r"\1N"),  # as many as the throw-away secret needs
    (re.compile(r"^timestamp: \d{13}$", re.MULTILINE), "timestamp: TIME"),
    (re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"), "DATE"),
    (re.compile(r"\b20\d\d-\d\d-\d\d\b"), "YYYY-MM-DD"),
    (re.compile(r"(aaId +)[0-9a-f]{32}"), r"\1AAID"),
    (re.compile(r'"timestamp": ?\d{13}'), '"timestamp": 0'),
    (re.compile(r'"timestamp": ?\d{10}'), '"timestamp": 1'),
    (re.compile(r"apns-expiration: \d{10}"), "apns-expiration: TIME"),
    (re.compile(r"(apns-channel-id +)[A-Za-z0-9+/]{22}=="), r"\1CHANNEL"),
    (re.compile(r"\b(closed|reset) the"), "closed the"),  # whether the peer's RST or its FIN comes first
    (re.compile(r"\b([stauX][a-z]m)[0-9a-f]{5}\d{12}[0-9A-Za-z]{2}\b"), r"\1ID"),  # Mi
    (re.compile(r"\bZngnvJIM7wQusNtbqYnpH6X1-1-1-[0-9a-f]{24}\b"), "MESSAGE-ID"),  # OPPO
    (re.compile(r"pushctl-[0-9a-f]{16}\b"), "pushctl-ID"),
    (re.compile(r"\btimestamp = \d{13}\b"), "timestamp = TIME"),
    (re.compile(r'("requestId": ?")[0-9a-f]{32}'), r"\1ID"),  # vivo
    (re.compile(r"(taskId  |HTTP 200 · )\d{18}\b"), r"\1TASK-ID"),
    (re.compile(r"(msgId  )[0-9a-f]{32}\b"), r"\1MSG-ID"),  # Meizu
    (re.compile(r"--cacert \S+"), "--cacert CA"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:PORT"),
)


def settled(text: str) -> str:
    for pattern, name in VOLATILE:
        text = pattern.sub(name, text)
    return "\n".join(line.rstrip() for line in text.splitlines())


def tell(pushctl: Any, story: str) -> str:
    told: list[str] = [line for line in story.splitlines() if line.startswith("## ")][:1]
    for line in story.splitlines():
        if not line.startswith("$ pushctl"):
            continue
        words = shlex.split(line[2:])[1:]
        stdin = b""
        if "<" in words:
            stdin = (INPUTS / words[-1]).read_bytes()
            words = words[:-2]
        ran = pushctl(*words, stdin=stdin)
        told += ["", line, *settled(ran.out).splitlines()]
        told += [f"! {one}" if one else "!" for one in settled(ran.err).splitlines()]
        told += [f"# exit {ran.code}"] if ran.code else []
    return "\n".join(told).strip() + "\n"


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_goes_as_it_is_told(path: Path, pushctl: Any, tmp_path: Path) -> None:
    shutil.copytree(INPUTS, tmp_path, dirs_exist_ok=True)
    told = tell(pushctl, path.read_text("utf-8")).replace(str(tmp_path), "TMP")
    if UPDATE:
        path.write_text(told, "utf-8")
    assert told == path.read_text("utf-8")


def test_there_are_stories() -> None:
    assert len(STORIES) > 5
