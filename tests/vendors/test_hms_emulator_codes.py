"""The emulated Push Kit v1/v2 and the catalogue name the same codes, and every scenario does what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from huawei_emulator_bench import Bench

from pushctl.core.emulated import Act, Scenario
from pushctl.core.message import Message
from pushctl.core.scenes import by_token
from pushctl.core.verdict import ExitCode, Judgement
from pushctl.core.wire import Response
from pushctl.sandbox import forge
from pushctl.vendors._huawei.emulator_answers import TEXTS
from pushctl.vendors.hms.emulator import EMULATOR
from pushctl.vendors.hms.emulator_credentials import ACCOUNTS, CLIENTS
from pushctl.vendors.hms.emulator_handsets import BOOK, token_of
from pushctl.vendors.registry import folder as vendor_folder

SOURCES = [
    path for vendor in ("hms", "_huawei") for path in (vendor_folder("hms").parent / vendor).glob("emulator*.py")
]
SERVER_CODES = {entry.code for entry in BOOK.catalogue.entries if entry.origin == "server"}
ANSWERED = sorted(code for code in SERVER_CODES if not code.startswith(("receipt/", "device/")))
OF_V3 = {"80100022", "80300029", "80300030"}
"""What the shared modules know for v3 only."""
NAMED = sorted(BOOK.named)
REFUSING = [name for name in NAMED if BOOK.named[name].expect["outcome"] == "refused"]
EXPIRED = {"auth-expired": "80200003", "auth-expired-service-account": "80200005"}
"""Scenarios of acceptances that begin with a refusal."""
TOKEN_ENDPOINT = [name for name, each in EMULATOR.scenarios.items() if each.act.get("stage") == "auth"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("hms-codes"), [EMULATOR]).credentials("hms")


def push(bench: Bench, token: str, credentials: str = "") -> Act:
    """What a client comes to about which everything is right but what the world, the token and the credentials say."""
    app = EMULATOR.profile(bench.folder, "production", credentials)["app"]["app_id"]
    if credentials in ACCOUNTS:
        authorization = bench.signed(ACCOUNTS[credentials].name)
    else:
        client = CLIENTS[credentials or "oauth"]
        act = bench.token_call(client_id=client.app, client_secret=bench.secret(client.secret))
        if act.response is None or act.response.status != 200:
            return act
        authorization = json.loads(act.response.body)["access_token"]
    shown = {"click_action": {"type": 3}}
    message = {"notification": {"title": "Hi", "body": "There"}, "android": {"notification": shown}, "token": [token]}
    return bench.post(f"/v1/{app}/messages:send", {"message": message}, f"Bearer {authorization}")


def said(act: Act) -> str | None:
    """The code that a client can read from what it gets."""
    assert act.response is not None
    if (status := act.response.header("nsp_status")) is not None:
        return f"NSP/{status}"
    if not act.response.body:
        return act.code if (act.code or "").startswith("oauth/") else f"http/{act.response.status}"
    document = json.loads(act.response.body)
    if "error" in document:
        return f"1101/{document['sub_error']}" if "sub_error" in document else "1101"
    return str(document["code"])


def literal_codes() -> set[str]:
    """Every code that the emulator's source can say."""
    found = set(TEXTS)
    for path in SOURCES:
        source = path.read_text("utf-8")
        found |= set(re.findall(r'"(8\d{7}|(?:http|oauth)/\d+)"', source))
        found |= {f"1101/{sub}" for sub in re.findall(r'_refused\(call, "(\d+)"', source)}
    answers = (scenario.act.get("answer") for scenario in BOOK.named.values())
    return found | {answer for answer in answers if answer}


def test_every_code_that_the_emulator_can_say_is_in_the_catalogue() -> None:
    codes = literal_codes() - OF_V3
    assert len(codes) > 30
    assert codes <= SERVER_CODES


@pytest.mark.parametrize("code", ANSWERED)
def test_every_code_can_be_had_by_its_name_for_the_whole_run(folder: Path, code: str) -> None:
    assert said(push(Bench(EMULATOR, folder, scenario=code), token_of())) == wire(code)


@pytest.mark.parametrize("code", sorted(set(ANSWERED) - set(TOKEN_ENDPOINT)))
def test_every_code_of_the_push_api_can_be_had_by_a_token(folder: Path, code: str) -> None:
    handset = EMULATOR.handset_for(Message(title="Hi"), "production", code)
    assert said(push(Bench(EMULATOR, folder), handset.token)) == wire(code)


def wire(code: str) -> str:
    """The code in the body: what stands behind its slash is in ``msg``."""
    return code if code.startswith(("http/", "oauth/", "1101", "NSP/")) else code.partition("/")[0]


@pytest.mark.parametrize("code", [code for code in ANSWERED if BOOK.catalogue.find(code).http_status])
def test_status_of_every_code_is_the_catalogues(folder: Path, code: str) -> None:
    entry = BOOK.catalogue.find(code)
    response = push(Bench(EMULATOR, folder, scenario=code), token_of()).response
    assert entry is not None
    assert response is not None
    assert response.status == entry.http_status


def test_codes_that_no_interface_answers_with_have_no_scenario() -> None:
    others = {entry.code for entry in BOOK.catalogue.entries} - set(ANSWERED)
    assert others
    assert not others & EMULATOR.scenarios.keys()


@pytest.mark.parametrize("name", NAMED)
def test_scenario_is_well_formed(name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    assert isinstance(scenario, Scenario)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert scenario.about.endswith(".")
    assert scenario.expect["outcome"] in ("accepted", "refused", "unknown")
    assert scenario.expect["exit_code"] in list(ExitCode)
    assert scenario.credentials in ("", *CLIENTS, *ACCOUNTS)
    known = {"answer", "reason", "stage", "wire", "delay_s", "html", "status", "expire", "clock_ahead_s", "without"}
    assert scenario.act.keys() <= known


@pytest.mark.parametrize("name", REFUSING)
def test_scenario_of_a_refusal_says_its_code(folder: Path, name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    token = EMULATOR.handset_for(Message(title="Hi"), "production", name).token
    act = push(Bench(EMULATOR, folder, scenario=name), token, scenario.credentials)
    assert said(act) == wire(scenario.expect["code"])
    entry = BOOK.catalogue.find(scenario.expect["code"])
    assert entry is not None
    says = Judgement("refused", entry.code, entry.category, token_dead=entry.token_dead)
    assert scenario.expect["exit_code"] == says.exit_code


@pytest.mark.parametrize("name", [name for name in NAMED if name not in (*REFUSING, *EXPIRED)])
def test_other_scenarios_answer_something_else_than_a_refusal(folder: Path, name: str) -> None:
    token = EMULATOR.handset_for(Message(title="Hi"), "production", name).token
    act = push(Bench(EMULATOR, folder, scenario=name), token, EMULATOR.scenarios[name].credentials)
    if EMULATOR.scenarios[name].expect["outcome"] == "accepted":
        assert said(act) == "80000000"
    else:
        assert act.wire or (isinstance(act.response, Response) and act.response.status == 502)


@pytest.mark.parametrize("whole_run", [True, False])
@pytest.mark.parametrize(("name", "expected"), EXPIRED.items())
def test_expired_credential_is_followed_by_a_fresh_one(folder: Path, whole_run: bool, name: str, expected: str) -> None:
    bench = Bench(EMULATOR, folder, scenario=name if whole_run else None)
    token = EMULATOR.handset_for(Message(title="Hi"), "production", name).token
    credentials = EMULATOR.scenarios[name].credentials
    assert said(push(bench, token, credentials)) == expected
    assert said(push(bench, token, credentials)) == "80000000"


def test_slow_answer_is_an_acceptance_in_its_time(folder: Path) -> None:
    for world, token in (("slow", token_of()), (None, token_of("slow"))):
        act = push(Bench(EMULATOR, folder, scenario=world), token)
        assert (said(act), act.delay_s) == ("80000000", 2.0)


def test_handsets_are_those_that_a_token_can_bring_about() -> None:
    listed = {handset.scenario for handset in EMULATOR.handsets("production")}
    assert listed == {"", *(name for name in NAMED if by_token(BOOK.named[name]))}
    assert "wrong-secret" not in listed
    assert "token-rate" not in listed
