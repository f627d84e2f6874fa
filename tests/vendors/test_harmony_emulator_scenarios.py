"""Every scenario of the emulated Push Kit v3 from the command line: the client makes of it what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pushctl.vendors.harmony.emulator import EMULATOR


@pytest.fixture
def send(pushctl: Any, sandbox_home: Path) -> Any:
    """A push to the sandbox: the exit code and the results."""

    def run(*argv: str) -> tuple[int, list[dict[str, Any]]]:
        command = ("send", "--sandbox", "harmony", "--title", "Hi", "--body", "There", "--json", *argv)
        ran = pushctl(*command, env={"XDG_STATE_HOME": str(sandbox_home)})
        return ran.code, json.loads(ran.out)["results"]

    return run


@pytest.mark.parametrize("name", [name for name, each in EMULATOR.scenarios.items() if each.expect])
def test_every_scenario_is_judged_by_the_client_as_it_says(name: str, send: Any) -> None:
    expect = EMULATOR.scenarios[name].expect
    exit_code, results = send("--scenario", name, "--timeout", "1s" if name == "hang" else "20s")
    assert len(results) == 1
    assert (results[0]["outcome"], exit_code) == (expect["outcome"], expect["exit_code"])
    assert results[0]["emulated"] is True
    if "code" in expect:
        assert results[0]["code"] == expect["code"]


def test_one_of_several_tokens_is_refused(send: Any) -> None:
    live = EMULATOR.handsets("production")[0].token
    exit_code, results = send("--token", live, "--token", "gone")
    assert exit_code == 9
    assert [result["outcome"] for result in results] == ["accepted", "refused"]


@pytest.mark.parametrize("name", ["other-project", "wrong-project", "token-other-app"])
def test_what_speaks_of_the_credentials_marks_no_token_dead(send: Any, name: str) -> None:
    results = send("--scenario", name)[1]
    assert results[0]["token_dead"] is not True
