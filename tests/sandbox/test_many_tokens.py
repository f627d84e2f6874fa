"""Many tokens at once: over one multiplexed connection where a request carries one, else in batches."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pushctl import sandbox
from pushctl.sandbox import Running

SHAPES: dict[str, Callable[[int], str]] = {
    "fcm": lambda number: f"d{number:021d}:APA91b{'x' * 134}",
    "hms": lambda number: f"IQAAAA{number:0124d}",
    "harmony": lambda number: f"MAMz{number:0108d}",
    "honor": lambda number: f"BAEAAAAAB.j{number:0117d}",
}


@pytest.fixture
def served(sandbox_home: Path, tmp_path: Path) -> Iterator[Callable[[str], Running]]:
    opened: list[Running] = []

    def start(vendor: str) -> Running:
        running = sandbox.start([vendor], home=sandbox_home / "pushctl" / "sandbox")
        opened.append(running)
        sandbox.announce(running, tmp_path)
        return running

    yield start
    for running in opened:
        running.close()


def live(running: Running, vendor: str) -> str:
    from pushctl.vendors import registry

    return registry.emulator(vendor).handsets("production")[0].token


def sends(running: Running) -> list[Any]:
    assert running.journal is not None
    return [entry for entry in running.journal.entries if "token" not in entry.path.rpartition("/")[2]]


def test_fcm_sends_them_over_one_connection(served: Any, pushctl: Any, tmp_path: Path) -> None:
    running = served("fcm")
    tokens = [live(running, "fcm"), *map(SHAPES["fcm"], range(60))]
    (tmp_path / "tokens.txt").write_text("\n".join(tokens))

    env = {"PUSHCTL_SANDBOX": str(tmp_path)}
    ran = pushctl("send", "--sandbox", "fcm", "--tokens", "tokens.txt", "--title", "Hi", "--json", env=env)

    results = json.loads(ran.out)["results"]
    assert ran.code == 9
    assert {row["target"]["value"] for row in results} == set(tokens)
    assert [row["target"]["value"] for row in results if row["outcome"] == "accepted"] == tokens[:1]
    arrived = [entry for entry in sends(running) if entry.path.endswith("messages:send")]
    assert len(arrived) == len(tokens)
    assert len({entry.connection for entry in arrived}) == 1


@pytest.mark.parametrize("vendor", ["hms", "harmony", "honor"])
def test_a_batch_takes_a_thousand_and_its_failures_are_told_apart(
    served: Any, pushctl: Any, tmp_path: Path, vendor: str
) -> None:
    running = served(vendor)
    tokens = [*map(SHAPES[vendor], range(1001)), live(running, vendor)]
    (tmp_path / "tokens.txt").write_text("\n".join(tokens))

    env = {"PUSHCTL_SANDBOX": str(tmp_path)}
    push = ("--tokens", "tokens.txt", "--title", "Hi", "--body", "There", "--json")
    ran = pushctl("send", "--sandbox", vendor, *push, env=env)

    results = json.loads(ran.out)["results"]
    assert sorted(row["target"]["value"] for row in results) == sorted(tokens)
    assert [row["target"]["value"] for row in results if row["outcome"] == "accepted"] == tokens[-1:]
    assert len(sends(running)) == 2
    assert ran.code == 9
