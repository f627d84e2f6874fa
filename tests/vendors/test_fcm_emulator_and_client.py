"""Every scenario of the emulated FCM, sent from the command line: the client comes to what the scenario expects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pushctl.vendors.fcm.emulator import EMULATOR
from pushctl.vendors.fcm.emulator_answers import CATALOGUE

EXPECTING = [name for name, each in EMULATOR.scenarios.items() if each.expect]


def test_only_what_does_not_happen_to_a_send_expects_nothing() -> None:
    silent = EMULATOR.scenarios.keys() - set(EXPECTING)
    assert {EMULATOR.scenarios[name].act["stage"] for name in silent} == {"iid", "batch"}
    assert silent <= set(CATALOGUE.codes())


@pytest.mark.parametrize("name", EXPECTING)
def test_a_scenario_is_judged_as_it_says(name: str, pushctl: Any, sandbox_home: Path) -> None:
    patience = "1s" if name == "hang" else "20s"
    command = ("send", "--sandbox", "fcm", "--title", "Hi", "--scenario", name, "--json", "--timeout", patience)
    ran = pushctl(*command, env={"XDG_STATE_HOME": str(sandbox_home)})
    expect = EMULATOR.scenarios[name].expect
    result = json.loads(ran.out)["results"][0]
    assert (result["outcome"], ran.code) == (expect["outcome"], expect["exit_code"])
    assert result["emulated"] is True
    assert result["code"] == expect.get("code", result["code"])
