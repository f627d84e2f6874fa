"""Many tokens at once: over one multiplexed connection where a request carries one, else in batches."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pushctl import sandbox
from pushctl.core.message import Message, Target
from pushctl.core.verdict import Judgement
from pushctl.flows.send import Run
from pushctl.flows.session import Opening, open_session
from pushctl.sandbox import Running

SHAPES: dict[str, Callable[[int], str]] = {
    "fcm": lambda number: f"d{number:021d}:APA91b{'x' * 134}",
    "hms": lambda number: f"IQAAAA{number:0124d}",
    "harmony": lambda number: f"MAMz{number:0108d}",
    "honor": lambda number: f"BAEAAAAAB.j{number:0117d}",
    "mi": lambda number: f"d/+{number:061d}",
    "oppo": lambda number: f"CN_{number:032x}",
    "vivo": lambda number: f"v2-{number:056d}",
    "meizu": lambda number: f"TST{number:042x}",
}
PUSHES = {"hms": 2, "harmony": 2, "honor": 2, "mi": 2, "oppo": 2, "vivo": 3, "meizu": 11}
"""How many requests 1002 tokens take: vivo keeps the message first."""
TEXTS = ("--title", "Order shipped", "--body", "Your parcel is on its way")


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
    return [entry for entry in running.journal.entries if entry.path.rpartition("/")[2] not in ("token", "auth")]


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


@pytest.mark.parametrize("vendor", ["hms", "mi"])  # whose answers to a thousand tokens are small
def test_a_file_of_a_thousand_tokens(served: Any, pushctl: Any, tmp_path: Path, vendor: str) -> None:
    tokens = [*map(SHAPES[vendor], range(1001)), live(served(vendor), vendor)]
    (tmp_path / "tokens.txt").write_text("\n".join(tokens))

    env = {"PUSHCTL_SANDBOX": str(tmp_path)}
    ran = pushctl("send", "--sandbox", vendor, "--tokens", "tokens.txt", *TEXTS, "--json", env=env)

    results = json.loads(ran.out)["results"]
    assert ran.code == 9
    assert sorted(row["target"]["value"] for row in results) == sorted(tokens)
    assert [row["target"]["value"] for row in results if row["outcome"] == "accepted"] == tokens[-1:]


@pytest.mark.parametrize("vendor", PUSHES)
def test_a_batch_takes_many_and_its_failures_are_told_apart(served: Any, tmp_path: Path, vendor: str) -> None:
    running = served(vendor)
    tokens = [*map(SHAPES[vendor], range(1001)), live(running, vendor)]

    says = pushed(tmp_path, vendor, tokens)

    assert [token for token in tokens if says[token].outcome == "accepted"] == tokens[-1:]
    assert {says[token].outcome for token in tokens[:-1]} == {"refused"}
    assert {says[token].category for token in tokens[:-1]} == {"token"}
    assert len(sends(running)) == PUSHES[vendor]


DEPOSITED = [  # what is kept at the vendor first; how often each interface is asked
    ("oppo", {"broadcast": True}, {"save_message_content": 1, "broadcast": 2}),
    ("vivo", {}, {"saveListPayload": 1, "pushToList": 2}),
    ("meizu", {"task": True}, {"getTaskId": 1, "pushByPushId": 11}),
]


@pytest.mark.parametrize(("vendor", "options", "asked"), DEPOSITED, ids=[row[0] for row in DEPOSITED])
def test_a_message_is_deposited_once_for_all_of_its_lists(
    served: Any, tmp_path: Path, vendor: str, options: dict[str, Any], asked: dict[str, int]
) -> None:
    running = served(vendor)
    tokens = [*map(SHAPES[vendor], range(1001)), live(running, vendor)]

    says = pushed(tmp_path, vendor, tokens, options)

    assert [token for token in tokens if says[token].outcome == "accepted"] == tokens[-1:]
    assert Counter(entry.path.rpartition("/")[2] for entry in sends(running)) == asked


def test_what_is_left_over_of_vivos_lists_goes_by_itself(served: Any, tmp_path: Path) -> None:
    running = served("vivo")
    tokens = [*map(SHAPES["vivo"], range(1000)), live(running, "vivo")]

    says = pushed(tmp_path, "vivo", tokens)

    assert [token for token in tokens if says[token].outcome == "accepted"] == tokens[-1:]
    asked = Counter(entry.path.rpartition("/")[2] for entry in sends(running))
    assert asked == {"saveListPayload": 1, "pushToList": 1, "send": 1}


def test_oppos_phones_of_two_regions_go_to_two_hosts(served: Any, tmp_path: Path) -> None:
    running = served("oppo")
    abroad = [f"IN_{number:032x}" for number in range(501)]
    tokens = [each for pair in zip(map(SHAPES["oppo"], range(501)), abroad, strict=True) for each in pair]

    says = pushed(tmp_path, "oppo", tokens)

    assert {one.outcome for one in says.values()} == {"refused"}
    assert [entry.path.rpartition("/")[2] for entry in sends(running)] == ["unicast_batch"] * 2


def pushed(folder: Path, vendor: str, tokens: list[str], options: dict[str, Any] | None = None) -> dict[str, Judgement]:
    """What became of a push to all of them, as the sandbox in this folder has it. Every token has one verdict."""
    opening = Opening({**os.environ, "PUSHCTL_SANDBOX": str(folder)}, folder, bytes, sandbox=vendor)
    message = Message(title=TEXTS[1], body=TEXTS[3], options={vendor: options or {}})
    with open_session(opening) as session:
        results = list(Run(session, [(message, Target("token", token)) for token in tokens]))
    says = {result.verdict.target.value: result.verdict.says for result in results if result.verdict.target}
    assert sorted(says) == sorted(tokens)
    assert len(results) == len(tokens)
    return says
