"""The emulated vivo Push and the catalogue name the same codes, and every scenario does what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from vivo_emulator_bench import LIVE, Bench

from pushctl.core.emulated import Act
from pushctl.core.message import Message
from pushctl.core.scenes import by_token
from pushctl.core.verdict import ExitCode, Judgement
from pushctl.core.wire import Response
from pushctl.sandbox import forge
from pushctl.vendors.vivo import emulator_answers
from pushctl.vendors.vivo.emulator import EMULATOR
from pushctl.vendors.vivo.emulator_answers import CATALOGUE
from pushctl.vendors.vivo.emulator_credentials import CREDENTIALS
from pushctl.vendors.vivo.emulator_handsets import token_of
from pushctl.vendors.vivo.emulator_scenarios import BOOK

FOLDER = Path(emulator_answers.__file__).parent
NEVER_SEEN = {"10800", "10801", "10802", "10803", "10804", "10806", "10807", "10808"}
"""Of an interface whose path was not seen."""
SERVER_CODES = {entry.code for entry in CATALOGUE.entries if entry.origin == "server"}
ANSWERED = sorted(code for code in SERVER_CODES - NEVER_SEEN if not code.startswith("receipt/"))
LISTS = [code for code in ANSWERED if "10150" <= code <= "10155"]
NAMED = sorted(BOOK.named)
REFUSING = [name for name in NAMED if BOOK.named[name].expect["outcome"] == "refused"]
OPERATIONAL: dict[str, Any] = {"category": None, "classification": 0}
"""A message of which nobody said a class, which is what the scenarios expect things of."""
OF_AUTH = [name for name, each in BOOK.all.items() if each.act.get("stage") == "auth"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("vivo-codes"), [EMULATOR]).credentials("vivo")


def push(bench: Bench, token: str, credentials: str = "", **changed: Any) -> Act:
    """What a client comes to about which everything is right but what the world, the regId and the credentials say."""
    keys = CREDENTIALS[credentials or "app"]
    act = bench.auth(app=keys.app, key=keys.app_key, secret=bench.secret(keys.secret))
    if said(act) != "0":
        return act
    assert act.response is not None
    return bench.send(json.loads(act.response.body)["authToken"], regId=token, **changed)


def said(act: Act) -> str:
    """The code that a client can read from what it gets."""
    assert act.response is not None
    if act.response.status != 200:
        return f"http/{act.response.status}"
    document = json.loads(act.response.body)
    invalid = document.get("invalidUser", *document.get("invalidUsers", [None])[:1])
    return f"invalidUser/{invalid['status']}" if invalid else str(document["result"])


def literal_codes() -> set[str]:
    """Every code that the emulator's source can say, its scenarios included."""
    found: set[str] = set()
    for path in FOLDER.glob("emulator*.py"):
        found |= set(re.findall(r'"(10\d{3}|http/\d+)"', path.read_text("utf-8")))
    return found | {str(each.act["answer"]) for each in BOOK.named.values() if "answer" in each.act}


def test_every_code_that_the_emulator_can_say_is_in_the_catalogue() -> None:
    codes = literal_codes()
    assert len(codes) > 60
    assert codes <= SERVER_CODES


@pytest.mark.parametrize("code", sorted(set(ANSWERED) - set(LISTS)))
def test_every_code_can_be_had_by_its_name_for_the_whole_run(folder: Path, code: str) -> None:
    assert said(push(Bench(folder, scenario=code), LIVE)) == code


@pytest.mark.parametrize("code", LISTS)
def test_codes_of_lists_come_with_the_list_and_not_with_the_body_that_is_saved(folder: Path, code: str) -> None:
    bench = Bench(folder, scenario=code)
    assert said(bench.save()) == "0"
    assert said(bench.push_list(LIVE, LIVE)) == code


@pytest.mark.parametrize("code", sorted(set(ANSWERED) - set(OF_AUTH)))
def test_every_code_behind_auth_can_be_had_by_a_reg_id(folder: Path, code: str) -> None:
    handset = EMULATOR.handset_for(Message(title="订单"), "production", code)
    assert said(push(Bench(folder), handset.token)) == code
    if code != "0":
        act = Bench(folder).push_list(LIVE, handset.token)
        assert said(act) == code


@pytest.mark.parametrize("entry", [entry for entry in CATALOGUE.entries if entry.code in ANSWERED])
def test_scenario_of_a_code_expects_what_its_entry_says(folder: Path, entry: Any) -> None:
    says = Judgement(entry.outcome, entry.code, entry.category, token_dead=entry.token_dead)
    assert BOOK.all[entry.code].expect == {
        "outcome": entry.outcome, "code": entry.code, "exit_code": says.exit_code,
    }  # fmt: skip
    if entry.http_status is not None and entry.code not in LISTS:
        response = push(Bench(folder, scenario=entry.code), LIVE).response
        assert response is not None
        assert response.status == entry.http_status


def test_codes_that_no_interface_answers_with_have_no_scenario() -> None:
    others = {entry.code for entry in CATALOGUE.entries} - set(ANSWERED)
    assert others >= NEVER_SEEN
    assert not others & EMULATOR.scenarios.keys()


@pytest.mark.parametrize("name", NAMED)
def test_scenario_is_well_formed(name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert scenario.about.endswith(".")
    assert scenario.credentials in ("", *CREDENTIALS)
    known = {
        "answer", "reason", "last", "test_only", "stage", "wire", "delay_s", "html", "status", "expire",
        "clock_ahead_s", "china_hour", "without",
    }  # fmt: skip
    assert scenario.act.keys() <= known
    assert scenario.expect["outcome"] in ("accepted", "refused", "unknown")
    assert scenario.expect["exit_code"] in list(ExitCode)


@pytest.mark.parametrize("name", REFUSING)
def test_scenario_of_a_refusal_says_its_code(folder: Path, name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    token = EMULATOR.handset_for(Message(title="订单"), "production", name).token
    act = push(Bench(folder, scenario=name), token, scenario.credentials, **OPERATIONAL)
    assert said(act) == scenario.expect["code"]
    entry = CATALOGUE.find(scenario.expect["code"])
    assert entry is not None
    says = Judgement("refused", entry.code, entry.category, token_dead=entry.token_dead)
    assert scenario.expect["exit_code"] == says.exit_code


@pytest.mark.parametrize("name", [name for name in NAMED if name not in (*REFUSING, "auth-expired")])
def test_other_scenarios_answer_something_else_than_a_refusal(folder: Path, name: str) -> None:
    token = EMULATOR.handset_for(Message(title="订单"), "production", name).token
    act = push(Bench(folder, scenario=name), token, **OPERATIONAL)
    if EMULATOR.scenarios[name].expect["outcome"] == "accepted":
        assert said(act) == "0"
    else:
        assert act.wire or (isinstance(act.response, Response) and act.response.status == 502)


def test_partial_failure_is_that_of_the_last_id(folder: Path) -> None:
    for bench, last in ((Bench(folder, scenario="partial"), LIVE), (Bench(folder), token_of("partial"))):
        act = bench.push_list(token_of("slow"), last)
        assert act.response is not None
        assert json.loads(act.response.body)["invalidUsers"] == [{"status": 2, "userid": last}]


def test_run_of_no_test_device_says_so_of_formal_messages_too(folder: Path) -> None:
    assert said(push(Bench(folder, scenario="test-device"), LIVE)) == "invalidUser/4"
    assert said(push(Bench(folder), token_of("test-device"))) == "0"


@pytest.mark.parametrize(
    "name", [name for name in NAMED if BOOK.named[name].credentials] + ["clock-wrong", "auth-rate"]
)
def test_auth_token_of_an_earlier_run_does_not_hide_that_auth_fails(folder: Path, name: str) -> None:
    earlier = Bench(folder).token()
    assert said(Bench(folder, scenario=name).send(earlier)) == "10000"


@pytest.mark.parametrize("name", ["wrong-secret", "app-key"])
def test_wrong_secret_is_told_from_a_wrong_key_for_the_app_of_a_profile_too(folder: Path, name: str) -> None:
    keys = CREDENTIALS[name]
    bench = Bench(folder, scenario=name, app={"app_id": "104999999"})
    assert said(bench.auth(app=104999999, key=keys.app_key, secret=bench.secret(keys.secret))) == "10206"


@pytest.mark.parametrize("whole_run", [True, False])
def test_expired_credential_is_followed_by_a_fresh_one(folder: Path, whole_run: bool) -> None:
    bench = Bench(folder, scenario="auth-expired" if whole_run else None)
    assert said(push(bench, token_of("auth-expired"))) == "10000"
    assert said(push(bench, token_of("auth-expired"))) == "0"


def test_fault_is_a_plain_text(folder: Path) -> None:
    response = push(Bench(folder, scenario="server-error"), LIVE).response
    assert response is not None
    assert (response.status, response.body) == (500, b"Internet server error!")
    assert (response.header("content-type") or "").startswith("text/plain")


def test_slow_answer_is_an_acceptance_in_its_time(folder: Path) -> None:
    for scenario, token in (("slow", LIVE), (None, token_of("slow"))):
        act = push(Bench(folder, scenario=scenario), token)
        assert (said(act), act.delay_s) == ("0", 2.0)


def test_wrong_clock_shows_in_the_date(folder: Path) -> None:
    bench = Bench(folder, scenario="clock-wrong")
    response = push(bench, LIVE).response
    assert response is not None
    assert bench.world.state["clock ahead"] == 7200


def test_handsets_are_those_that_a_reg_id_can_bring_about() -> None:
    listed = {handset.scenario for handset in EMULATOR.handsets("production")}
    assert listed == {"", *(name for name in NAMED if by_token(BOOK.named[name]))}
    assert {"token-dead", "partial", "test-device", "auth-expired"} <= listed
    assert not {"wrong-secret", "auth-rate", "clock-wrong", "night"} & listed


def test_profiles_of_all_sets(folder: Path) -> None:
    for name in ("", *CREDENTIALS):
        profile = EMULATOR.profile(folder, "production", name)
        assert profile["vendor"] == "vivo"
        assert Path(profile["credentials"]["app_secret"].removeprefix("file:")).is_file()
    with pytest.raises(KeyError):
        EMULATOR.profile(folder, "production", "nonsense")
