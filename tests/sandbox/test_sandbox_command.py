"""``pushctl sandbox`` as it is typed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from pushctl.sandbox import forge
from pushctl.vendors.apns.emulator import EMULATOR

PROJECT = Path(__file__).parents[2]


def facts(document: Any) -> dict[str, str]:
    return {fact["name"]: fact["value"] for fact in document["facts"]}


@pytest.fixture
def environ(home: Path, tmp_path: Path) -> dict[str, str]:
    """A folder of its own for ``serve``, with the session's certificates in it."""
    forge.ensure(home, [EMULATOR])
    folder = tmp_path / "serving"
    folder.mkdir(mode=0o700)
    (folder / "forged").symlink_to(home / "forged", target_is_directory=True)
    return {"PUSHCTL_SANDBOX": str(folder), "PYTHONPATH": str(PROJECT)}


class Serving:
    """``pushctl sandbox serve`` in a process of its own."""

    def __init__(self, environ: dict[str, str], *arguments: str) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-X",
                "dev",
                "-W",
                "error",
                "-m",
                "pushctl",
                "sandbox",
                "serve",
                "-o",
                "jsonl",
                *arguments,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **environ},
            text=True,
        )
        assert self.process.stdout is not None
        self.lines: IO[str] = self.process.stdout
        self.told: dict[str, Any] = json.loads(self.lines.readline() or self._complaint())

    def _complaint(self) -> str:
        pytest.fail(self.process.communicate()[1])

    def next_entry(self) -> dict[str, Any]:
        entry: dict[str, Any] = json.loads(self.lines.readline())
        return entry

    def stop(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        self.process.send_signal(how)
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors


@pytest.fixture
def serving(environ: dict[str, str]) -> Iterator[Serving]:
    served = Serving(environ)
    yield served
    if served.process.poll() is None:
        served.stop()


@pytest.mark.skipif(os.name == "nt", reason="signals and symbolic links")
def test_another_process_pushes_to_it_and_the_log_shows_it(
    serving: Serving, environ: dict[str, str], pushctl: Any
) -> None:
    folder = Path(environ["PUSHCTL_SANDBOX"])
    assert serving.told["schema"] == "pushctl/sandbox/1"
    assert Path(serving.told["ca"]).is_file()
    sent = pushctl("send", "--sandbox", "apns", "--title", "Hi", "--json", env=environ)
    dead = pushctl("send", "--sandbox", "apns", "--title", "Hi", "--scenario", "token-dead", "--json", env=environ)
    assert (sent.code, dead.code) == (0, 3)
    first, second = serving.next_entry(), serving.next_entry()
    assert (first["status"], second["status"], second["code"]) == (200, 410, "Unregistered")

    logged = json.loads(pushctl("sandbox", "log", "--json", env=environ).out)
    assert [entry["status"] for entry in logged["entries"]] == [200, 410]
    for status, expected in (("410", 1), ("2xx", 1), ("none", 0), ("4xx", 1), ("5xx", 0)):
        rows = pushctl("sandbox", "log", "--status", status, "--vendor", "apple", "-o", "jsonl", env=environ).out
        assert len(rows.splitlines()) == expected
    plain = pushctl("sandbox", "log", env=environ).out
    assert "Unregistered" in plain
    assert json.loads(sent.out)["results"][0]["target"]["value"] not in plain

    refused = pushctl("sandbox", "serve", env=environ)
    assert refused.code == 1
    assert "running already" in refused.err
    assert serving.stop() == (0, "")
    assert not (folder / "running.json").exists()
    gone = pushctl("send", "--sandbox", "apns", "--title", "Hi", env=environ)
    assert gone.code == 1
    assert "pushctl sandbox serve" in gone.err.replace("\n ", "")


@pytest.mark.skipif(os.name == "nt", reason="signals and symbolic links")
def test_a_channel_lives_from_its_creation_to_its_deletion(
    serving: Serving, environ: dict[str, str], pushctl: Any
) -> None:
    def run(*argv: str) -> tuple[int, dict[str, Any]]:
        ran = pushctl(*argv, "--sandbox", "apns", "--json", env=environ)
        return ran.code, json.loads(ran.out)

    def publish(channel: str, *more: str) -> int:
        return run("send", "--channel-id", channel, "--set", "aps.event=end", "--set", "aps.content-state:={}", *more)[
            0
        ]

    for flags, policy, with_ttl in (((), "0", 5), (("--store",), "1", 0)):  # without storage an expiration is refused
        code, created = run("channel", "create", *flags)
        channel = facts(created)["apns-channel-id"]
        assert (code, publish(channel), publish(channel, "--ttl", "1h")) == (0, 0, with_ttl)
        assert facts(run("channel", "show", channel)[1])["message-storage-policy"] == policy
        assert facts(run("channel", "list")[1]) == {"channels": "1", "apns-channel-id": channel}
        assert run("channel", "delete", channel)[0] == 0
        assert facts(run("channel", "list")[1]) == {"channels": "0"}
        assert (publish(channel), run("channel", "delete", channel)[1]["code"]) == (3, "ChannelNotRegistered")
    assert serving.stop() == (0, "")


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_polite_end_from_outside_cleans_up(serving: Serving, environ: dict[str, str]) -> None:
    assert serving.stop(signal.SIGTERM) == (0, "")
    assert not (Path(environ["PUSHCTL_SANDBOX"]) / "running.json").exists()


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_scenario_of_the_whole_run(environ: dict[str, str], pushctl: Any) -> None:
    served = Serving(environ, "--scenario", "quota", "--vendor", "apns")
    try:
        assert served.told["scenario"] == "quota"
        assert pushctl("send", "--sandbox", "apns", "-t", "ab" * 32, "--title", "Hi", env=environ).code == 6
    finally:
        served.stop()


def test_log_of_nothing(pushctl: Any, tmp_path: Path) -> None:
    ran = pushctl("sandbox", "log", env={"PUSHCTL_SANDBOX": str(tmp_path)})
    assert (ran.code, ran.err) == (0, "")
    assert "Nothing has arrived" in ran.out


def test_log_passes_over_broken_lines(pushctl: Any, tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_bytes(b'{"time":1,"status":200}\n\xff\n{"time"\n[]\n{"time":2,"status":500}')
    ran = pushctl("sandbox", "log", "-o", "jsonl", env={"PUSHCTL_SANDBOX": str(tmp_path)})
    assert [json.loads(line)["time"] for line in ran.out.splitlines()] == [1]
    assert ran.code == 0


def test_status_that_is_none(pushctl: Any) -> None:
    ran = pushctl("sandbox", "log", "--status", "gone")
    assert ran.code == 2
    assert "--status" in ran.err


def test_scenarios_are_listed_and_codes_counted(pushctl: Any) -> None:
    plain = pushctl("sandbox", "scenarios").out
    assert all(name in plain for name in ("token-dead", "shutdown", "goaway"))
    assert "BadCollapseId)" in plain
    rows = json.loads(pushctl("sandbox", "scenarios", "ios", "--json").out)["scenarios"]
    assert {"vendor", "name", "about", "expect", "is_code"} == rows[0].keys()
    assert {row["name"] for row in rows} == set(EMULATOR.scenarios)


def test_tokens_are_listed_whole(pushctl: Any) -> None:
    rows = json.loads(pushctl("sandbox", "tokens", "apns", "--json").out)["tokens"]
    plain = pushctl("sandbox", "tokens").out
    assert {row["environment"] for row in rows} == {"sandbox", "production"}
    assert rows[0]["token"] in plain


def test_unknown_vendor_is_suggested(pushctl: Any) -> None:
    for command in ("scenarios", "tokens"):
        ran = pushctl("sandbox", command, "apn")
        assert ran.code == 2
        assert "apns" in ran.err


def test_help_shows_the_examples_first(pushctl: Any) -> None:
    page = pushctl("sandbox", "serve", "--help").out
    assert page.index("pushctl sandbox serve --scenario token-dead") < page.index("--lenient")


@pytest.mark.parametrize("name", [name for name, each in EMULATOR.scenarios.items() if each.expect])
def test_every_scenario_is_judged_by_the_client_as_it_says(name: str, pushctl: Any, home: Path, tmp_path: Path) -> None:
    state = tmp_path / "state-of-test"
    (state / "pushctl").mkdir(parents=True)
    (state / "pushctl" / "sandbox").symlink_to(home, target_is_directory=True)
    forge.ensure(home, [EMULATOR])
    patience = "1s" if name == "hang" else "20s"
    command = ["send", "--sandbox", "apns", "--title", "Hi", "--scenario", name, "--json", "--timeout", patience]
    ran = pushctl(*command, env={"XDG_STATE_HOME": str(state)})
    expect = EMULATOR.scenarios[name].expect
    result = json.loads(ran.out)["results"][0]
    assert (result["outcome"], ran.code) == (expect["outcome"], expect["exit_code"])
    assert result["emulated"] is True
    if "code" in expect:
        assert result["code"] == expect["code"]
