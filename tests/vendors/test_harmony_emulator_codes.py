"""The emulated Push Kit v3 and the catalogue name the same codes, and every scenario does what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from huawei_emulator_bench import Bench

from pushctl.core.emulated import Act
from pushctl.core.message import Message
from pushctl.core.verdict import ExitCode, Judgement
from pushctl.sandbox import forge
from pushctl.vendors.harmony.emulator import EMULATOR
from pushctl.vendors.harmony.emulator_credentials import ACCOUNTS
from pushctl.vendors.harmony.emulator_handsets import BOOK, token_of
from pushctl.vendors.registry import folder as vendor_folder

SERVER_CODES = {entry.code for entry in BOOK.catalogue.entries if entry.origin == "server"}
ANSWERED = sorted(code for code in SERVER_CODES if not code.startswith(("receipt/", "device/")))
OF_V1 = {"80100002", "80100017", "80100018", "80200003", "80300011", "82000010"}
"""What the shared modules know for v1 and v2 only."""
NAMED = sorted(BOOK.named)
REFUSING = [name for name in NAMED if BOOK.named[name].expect["outcome"] == "refused"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("harmony-codes"), [EMULATOR]).credentials("harmony")


def push(bench: Bench, token: str, credentials: str = "") -> Act:
    """A push about which everything is right but what the world, the token and the credentials say."""
    project = EMULATOR.profile(bench.folder, "production", credentials)["app"]["project_id"]
    signed = bench.signed(ACCOUNTS[credentials or "service-account"].name)
    body = {"payload": {"extraData": "{}"}, "target": {"token": [token]}}
    return bench.post(f"/v3/{project}/messages:send", body, f"Bearer {signed}", push_type="6")


def said(act: Act) -> str | None:
    """The code that a client can read from what it gets; with the reason where there is a single one."""
    assert act.response is not None
    if not act.response.body:
        return f"http/{act.response.status}"
    document = json.loads(act.response.body)
    msg = document["msg"]
    reasons = list(json.loads(msg)["illegalTokens"]) if msg.startswith("{") else []
    return f"80300007/{reasons[0].strip()}" if len(reasons) == 1 else str(document["code"])


def expected(code: str) -> str:
    """A partial failure comes to the reason of its one refused token."""
    return "80300007/tokenFormatError" if code == "80100000" else code


def test_every_code_that_the_emulator_can_say_is_in_the_catalogue() -> None:
    parent = vendor_folder("harmony").parent
    codes = {
        code
        for path in (*parent.glob("harmony/emulator*.py"), *parent.glob("_huawei/emulator*.py"))
        for code in re.findall(r'"(8\d{7}|http/\d+)"', path.read_text("utf-8"))
    }
    codes |= {scenario.act["answer"] for scenario in BOOK.named.values() if "answer" in scenario.act}
    assert len(codes) > 20
    assert codes - OF_V1 <= SERVER_CODES


def test_every_reason_that_the_emulator_can_give_is_in_the_catalogue() -> None:
    source = "".join(path.read_text("utf-8") for path in vendor_folder("harmony").glob("emulator*.py"))
    reasons = set(re.findall(r'"((?:no|not|token)[A-Z]\w+)"', source))
    assert len(reasons) >= 4
    assert {f"80300007/{reason}" for reason in reasons} <= SERVER_CODES


@pytest.mark.parametrize("code", ANSWERED)
def test_every_code_can_be_had_by_its_name_for_the_whole_run_and_by_a_token(folder: Path, code: str) -> None:
    assert said(push(Bench(EMULATOR, folder, scenario=code), token_of())) == expected(code)
    handset = EMULATOR.handset_for(Message(title="Hi"), "production", code)
    assert said(push(Bench(EMULATOR, folder), handset.token)) == expected(code)


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
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert scenario.about.endswith(".")
    assert scenario.expect["outcome"] in ("accepted", "refused", "unknown")
    assert scenario.expect["exit_code"] in list(ExitCode)
    assert scenario.credentials in ("", *ACCOUNTS)
    known = {"answer", "reason", "stage", "wire", "delay_s", "html", "status", "expire", "clock_ahead_s", "without"}
    assert scenario.act.keys() <= known


@pytest.mark.parametrize("name", REFUSING)
def test_scenario_of_a_refusal_says_its_code(folder: Path, name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    token = EMULATOR.handset_for(Message(title="Hi"), "production", name).token
    act = push(Bench(EMULATOR, folder, scenario=name), token, scenario.credentials)
    assert said(act) == scenario.expect["code"]
    entry = BOOK.catalogue.find(scenario.expect["code"])
    if entry is not None:  # one scenario gives a reason that is in no catalogue
        says = Judgement("refused", entry.code, entry.category, token_dead=entry.token_dead)
        assert scenario.expect["exit_code"] == says.exit_code


@pytest.mark.parametrize("whole_run", [True, False])
def test_expired_jwt_is_followed_by_a_fresh_one(folder: Path, whole_run: bool) -> None:
    bench = Bench(EMULATOR, folder, scenario="auth-expired" if whole_run else None)
    token = EMULATOR.handset_for(Message(title="Hi"), "production", "auth-expired").token
    assert said(push(bench, token)) == "80200005"
    assert said(push(bench, token)) == "80000000"


def test_blanks_around_a_reason_stand_in_the_answer(folder: Path) -> None:
    act = push(Bench(EMULATOR, folder), token_of("reason-with-blanks"))
    assert act.response is not None
    assert list(json.loads(json.loads(act.response.body)["msg"])["illegalTokens"]) == [" tokenFormatError "]


@pytest.mark.parametrize("name", ["slow", "no-rights", "accepted"])
def test_scenario_of_an_acceptance(folder: Path, name: str) -> None:
    act = push(Bench(EMULATOR, folder, scenario=name), token_of())
    assert (said(act), act.delay_s) == ("80000000", 2.0 if name == "slow" else 0.0)
