"""Every scenario of the emulated Push Kit v1/v2 from the command line: the client makes of it what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pushctl.vendors.hms.emulator import EMULATOR


@pytest.fixture
def send(pushctl: Any, sandbox_home: Path) -> Any:
    """A push to the sandbox: the exit code and the results."""

    def run(*argv: str) -> tuple[int, list[dict[str, Any]]]:
        command = ("send", "--sandbox", "hms", "--title", "Hi", "--body", "There", "--json", *argv)
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


@pytest.mark.parametrize(("name", "code"), [("1101/20003", "1101/20003"), ("wrong-secret", "1101/12304")])
def test_token_that_is_still_cached_does_not_hide_a_refusal_of_the_token_endpoint(
    send: Any, name: str, code: str
) -> None:
    assert send()[0] == 0
    exit_code, results = send("--scenario", name)
    assert (exit_code, results[0]["code"]) == (4, code)


def test_one_of_several_tokens_is_refused(send: Any) -> None:
    live = EMULATOR.handsets("production")[0].token
    exit_code, results = send("--token", live, "--token", "gone")
    assert exit_code == 9
    assert [result["outcome"] for result in results] == ["accepted", "refused"]


def test_other_apps_credentials_mark_no_token_dead(send: Any) -> None:
    results = send("--scenario", "other-app")[1]
    assert results[0]["token_dead"] is not True
