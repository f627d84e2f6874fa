"""The emulated Honor Push and the catalogue name the same codes, and every scenario does what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from huawei_emulator_bench import Bench

from pushctl.core.emulated import Act
from pushctl.core.message import Message
from pushctl.core.scenes import by_token
from pushctl.core.verdict import ExitCode, Judgement
from pushctl.core.wire import Response
from pushctl.sandbox import forge
from pushctl.vendors._huawei import __file__ as huawei
from pushctl.vendors.honor.emulator import EMULATOR
from pushctl.vendors.honor.emulator_answers import CATALOGUE
from pushctl.vendors.honor.emulator_credentials import CLIENTS
from pushctl.vendors.honor.emulator_handsets import token_of
from pushctl.vendors.honor.emulator_scenarios import BOOK
from pushctl.vendors.registry import folder as vendor_folder

SERVER_CODES = {entry.code for entry in CATALOGUE.entries if entry.origin == "server"}
ANSWERED = sorted(code for code in SERVER_CODES if not code.startswith("receipt/"))
NAMED = sorted(BOOK.named)
REFUSING = [name for name in NAMED if BOOK.named[name].expect["outcome"] == "refused"]
TOKEN_ENDPOINT = [name for name, each in BOOK.all.items() if each.act.get("stage") == "auth"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("honor-codes"), [EMULATOR]).credentials("honor")


def push(bench: Bench, token: str, credentials: str = "") -> Act:
    """What a client comes to about which everything is right but what the world, the token and the credentials say."""
    client = CLIENTS[credentials or "oauth"]
    secret = bench.secret(client.secret)
    act = bench.token_call(path="/auth/token", client_id=client.client_id, client_secret=secret)
    if act.response is None or act.response.status != 200:
        return act
    authorization = f"Bearer {json.loads(act.response.body)['access_token']}"
    shown = {"title": "Hi", "body": "There", "clickAction": {"type": 3}}
    body = {"android": {"notification": shown}, "token": [token]}
    stamp = str(int(bench.now * 1000))
    return bench.post(f"/api/v1/{client.app}/sendMessage", body, authorization, timestamp=stamp)


def said(act: Act) -> str | None:
    """The code that a client can read from what it gets."""
    assert act.response is not None
    if not act.response.body:
        return f"http/{act.response.status}"
    document = json.loads(act.response.body)
    if "error" in document:
        return f"oauth/{document['error']}"
    found: dict[str, Any] = document.get("data", {})
    for name in ("expireTokens", "failTokens"):
        if found.get(name):
            return f"data.{name}"
    return "data.sendResult=false" if found.get("sendResult") is False else str(document["code"])


def shown_as(code: str) -> str:
    """What a client reads of a scenario that is called by a code: of a partial success, the fate of its last token."""
    return "data.failTokens" if code == "80100000" else code


def literal_codes() -> set[str]:
    """Every code that the emulator's source can say, its scenarios included."""
    shared = [Path(huawei).parent / f"emulator_{name}.py" for name in ("schema", "tokens")]
    found: set[str] = set()
    for path in (*vendor_folder("honor").glob("emulator*.py"), *shared):
        found |= set(re.findall(r'"(8\d{7}|http/\d+|oauth/\w+|data\.\w+(?:=false)?)"', path.read_text("utf-8")))
    return found | {str(each.act["answer"]) for each in BOOK.named.values() if "answer" in each.act}


def test_every_code_that_the_emulator_can_say_is_in_the_catalogue() -> None:
    codes = literal_codes()
    assert len(codes) > 20
    assert codes <= SERVER_CODES


@pytest.mark.parametrize("code", ANSWERED)
def test_every_code_can_be_had_by_its_name_for_the_whole_run(folder: Path, code: str) -> None:
    assert said(push(Bench(EMULATOR, folder, scenario=code), token_of())) == shown_as(code)


@pytest.mark.parametrize("code", sorted(set(ANSWERED) - set(TOKEN_ENDPOINT)))
def test_every_code_of_the_push_api_can_be_had_by_a_token(folder: Path, code: str) -> None:
    handset = EMULATOR.handset_for(Message(title="Hi"), "production", code)
    assert said(push(Bench(EMULATOR, folder), handset.token)) == shown_as(code)


@pytest.mark.parametrize("entry", [entry for entry in CATALOGUE.entries if entry.code in ANSWERED])
def test_scenario_of_a_code_expects_what_its_entry_says(folder: Path, entry: Any) -> None:
    expect = BOOK.all[entry.code].expect
    read_as = CATALOGUE.find(shown_as(entry.code))
    assert read_as is not None
    says = Judgement(read_as.outcome, read_as.code, read_as.category, token_dead=read_as.token_dead)
    assert expect == {"outcome": read_as.outcome, "code": read_as.code, "exit_code": says.exit_code}
    if entry.http_status is not None:
        response = push(Bench(EMULATOR, folder, scenario=entry.code), token_of()).response
        assert response is not None
        assert response.status == entry.http_status


def test_codes_that_no_interface_answers_with_have_no_scenario() -> None:
    others = {entry.code for entry in CATALOGUE.entries} - set(ANSWERED)
    assert others
    assert not others & EMULATOR.scenarios.keys()


@pytest.mark.parametrize("name", NAMED)
def test_scenario_is_well_formed(name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert scenario.about.endswith(".")
    assert scenario.expect["outcome"] in ("accepted", "refused", "unknown")
    assert scenario.expect["exit_code"] in list(ExitCode)
    assert scenario.credentials in ("", *CLIENTS)
    known = {"answer", "reason", "stage", "wire", "delay_s", "html", "status", "expire", "clock_ahead_s"}
    assert scenario.act.keys() <= known


@pytest.mark.parametrize("name", REFUSING)
def test_scenario_of_a_refusal_says_its_code(folder: Path, name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    token = EMULATOR.handset_for(Message(title="Hi"), "production", name).token
    act = push(Bench(EMULATOR, folder, scenario=name), token, scenario.credentials)
    assert said(act) == scenario.expect["code"]
    entry = CATALOGUE.find(scenario.expect["code"])
    assert entry is not None
    says = Judgement("refused", entry.code, entry.category, token_dead=entry.token_dead)
    assert scenario.expect["exit_code"] == says.exit_code


def test_wrong_app_id_is_refused_by_the_ordinary_rule_too(folder: Path) -> None:
    act = push(Bench(EMULATOR, folder), token_of(), "wrong-app-id")
    assert (act.code, act.rule) == ("http/404", "app-id-known")


@pytest.mark.parametrize("name", [name for name in NAMED if name not in (*REFUSING, "auth-expired")])
def test_other_scenarios_answer_something_else_than_a_refusal(folder: Path, name: str) -> None:
    token = EMULATOR.handset_for(Message(title="Hi"), "production", name).token
    act = push(Bench(EMULATOR, folder, scenario=name), token)
    if EMULATOR.scenarios[name].expect["outcome"] == "accepted":
        assert said(act) == "200"
    else:
        assert act.wire or (isinstance(act.response, Response) and act.response.status == 502)


@pytest.mark.parametrize("whole_run", [True, False])
def test_expired_credential_is_followed_by_a_fresh_one(folder: Path, whole_run: bool) -> None:
    bench = Bench(EMULATOR, folder, scenario="auth-expired" if whole_run else None)
    assert said(push(bench, token_of("auth-expired"))) == "80200003"
    assert said(push(bench, token_of("auth-expired"))) == "200"


def test_slow_answer_is_an_acceptance_in_its_time(folder: Path) -> None:
    for world, token in (("slow", token_of()), (None, token_of("slow"))):
        act = push(Bench(EMULATOR, folder, scenario=world), token)
        assert (said(act), act.delay_s) == ("200", 2.0)


def test_wrong_clock_shows_in_the_date(folder: Path) -> None:
    bench = Bench(EMULATOR, folder, scenario="clock-wrong")
    response = push(bench, token_of()).response
    assert response is not None
    assert bench.world.state["clock ahead"] == 7200


def test_handsets_are_those_that_a_token_can_bring_about() -> None:
    listed = {handset.scenario for handset in EMULATOR.handsets("production")}
    assert listed == {"", *(name for name in NAMED if by_token(BOOK.named[name]))}
    assert {"token-dead", "partial", "auth-expired"} <= listed
    assert not {"wrong-secret", "flow-control", "clock-wrong"} & listed
