"""The emulator and the catalogue name the same codes, and every scenario does what it says."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fcm_emulator_bench import Bench, document

from pushctl.core.emulated import Act
from pushctl.core.message import Message
from pushctl.core.verdict import ExitCode, Judgement
from pushctl.sandbox import find_scenario, forge
from pushctl.vendors.fcm.emulator import EMULATOR
from pushctl.vendors.fcm.emulator_answers import CATALOGUE, answers
from pushctl.vendors.fcm.emulator_credentials import ACCOUNTS, OTHERS
from pushctl.vendors.fcm.emulator_handsets import live
from pushctl.vendors.registry import folder as vendor_folder

SERVER_CODES = {entry.code for entry in CATALOGUE.entries if entry.origin == "server" and entry.outcome == "refused"}
NAMED = [row["name"] for row in json.loads((vendor_folder("fcm") / "scenarios.json").read_text())["scenarios"]]
CODED = sorted(answers())
SERVICES = {code: row.get("for", row.get("service", "fcm")) for code, row in answers().items()}

# Codes of services that are retired (their answers come no more) or not emulated.
ELSEWHERE = re.compile(r"legacy/.*|PHONE_REGISTRATION_ERROR|FIS_.*|FCMREG_.*")

# What the rules of the emulator never say by themselves: nothing tells when the real service does.
BY_SCENARIO_ONLY = {
    "ABORTED", "API_KEY_SERVICE_BLOCKED", "APNS_AUTH_ERROR", "CANCELLED", "DATA_LOSS",
    "DEADLINE_EXCEEDED", "FAILED_PRECONDITION", "HTTP_502_HTML", "INTERNAL",
    "OUT_OF_RANGE", "PERMISSION_DENIED", "PERMISSION_DENIED/caller", "RATE_LIMIT_EXCEEDED", "THIRD_PARTY_AUTH_ERROR",
    "UNAVAILABLE", "UNIMPLEMENTED", "UNKNOWN", "UNSPECIFIED_ERROR", "access_denied", "admin_policy_enforced",
    "disabled_client", "internal_failure", "invalid_grant/reauth", "org_internal", "server_error",
    "temporarily_unavailable",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("fcm-codes"), [EMULATOR]).credentials("fcm")


def push(bench: Bench, token: str, credentials: str = "") -> Act:
    """A push as a client does it: an access token first, which may be refused, then the message."""
    name = credentials or "service-account"
    headers: tuple[tuple[str, str], ...] = ()
    if name in ACCOUNTS:
        minted = bench.mint(bench.assertion(name))
    elif name.startswith("access-token"):
        access = (bench.folder / OTHERS[name]).read_text()
        return bench.post({"message": {"token": token, "notification": {"title": "Hi"}}}, access=access)
    else:
        file = json.loads((bench.folder / OTHERS[name]).read_text())
        fields = {field: file[field] for field in ("client_id", "client_secret", "refresh_token")}
        minted = bench.form("/token", {"grant_type": "refresh_token", **fields})
        headers = (("x-goog-user-project", file["quota_project_id"]),)
    if minted.code is not None:
        return minted
    access = document(minted)["access_token"]
    return bench.post({"message": {"token": token, "notification": {"title": "Hi"}}}, *headers, access=access)


def said(act: Act) -> tuple[int, str]:
    """Status, and the most particular thing that a client can read from the answer."""
    assert act.response is not None
    body = act.response.body
    if act.response.header("content-type") == "text/html; charset=UTF-8":
        return act.response.status, "html"
    error = json.loads(body).get("error")
    if not isinstance(error, dict):
        return act.response.status, str(error or json.loads(body)["results"][0]["error"])
    named = {each["@type"].rpartition(".")[2]: each for each in error.get("details", ())}
    if "ApnsError" in named:
        return act.response.status, named["ApnsError"]["reason"]
    fcm = named.get("FcmError", {}).get("errorCode", "")
    return act.response.status, named.get("ErrorInfo", {}).get("reason", "") or fcm or error["status"]


def literal_codes() -> Iterator[str]:
    """Every code that the emulator's own rules can say."""
    for path in vendor_folder("fcm").glob("emulator*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and str(node.value).startswith("INVALID_ARGUMENT/"):
                yield str(node.value)
            if isinstance(node, ast.Call):
                yield from _said_by(node)


def _said_by(call: ast.Call) -> Iterator[str]:
    """The code of ``Refusal("CODE", …)``, ``Act(…, code="CODE")`` and ``_apple("Reason", …)``."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    first = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
    if first is not None and name in ("Refusal", "_apple"):
        yield f"ApnsError/{first}" if name == "_apple" else str(first)
    for keyword in call.keywords:
        if name == "Act" and keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
            yield str(keyword.value.value)


def test_every_code_that_the_emulator_can_say_is_in_the_catalogue() -> None:
    codes = {*literal_codes(), *answers()}
    codes |= {each.act["answer"] for each in EMULATOR.scenarios.values() if "answer" in each.act}
    assert len(codes) > 100
    assert codes <= SERVER_CODES


def test_every_code_of_the_catalogue_that_a_server_sends_has_an_answer_or_is_known_to_come_from_elsewhere() -> None:
    assert {code for code in SERVER_CODES if not ELSEWHERE.fullmatch(code)} == set(CODED)


@pytest.mark.parametrize("code", [code for code in CODED if SERVICES[code] in ("fcm", "html", "oauth")])
def test_every_code_can_be_had_for_the_whole_run(folder: Path, code: str) -> None:
    assert push(Bench(folder, code), live("ios").token).code == code


@pytest.mark.parametrize("code", [code for code in CODED if SERVICES[code] in ("fcm", "html")])
def test_every_code_about_a_push_can_be_had_by_a_token(folder: Path, code: str) -> None:
    handset = EMULATOR.handset_for(Message(title="Hi"), "production", code)
    act = push(Bench(folder), handset.token)
    assert act.code == code
    assert handset.scenario == code


@pytest.mark.parametrize("code", [code for code in CODED if SERVICES[code] == "iid"])
def test_codes_of_the_instance_id_service_are_had_there(folder: Path, code: str) -> None:
    bench = Bench(folder, code)
    assert bench.iid("GET", f"/iid/info/{live('android').token}").code == code
    assert push(bench, live("android").token).code is None


@pytest.mark.parametrize("code", [code for code in CODED if SERVICES[code] == "batch"])
def test_codes_of_a_batch_are_had_for_every_token_of_it(folder: Path, code: str) -> None:
    tokens = [live("android").token, live("ios").token]
    act = Bench(folder, code).iid("POST", "/iid/v1:batchAdd", {"to": "/topics/a", "registration_tokens": tokens})
    assert document(act)["results"] == [{"error": code.removeprefix("batch/")}] * 2


@pytest.mark.parametrize("code", [code for code in CODED if SERVICES[code] == "oauth"])
def test_token_endpoint_refuses_an_older_token_as_well(folder: Path, code: str) -> None:
    """A client that still has an access token in its cache is sent to the endpoint that refuses."""
    access = Bench(folder).access()
    assert Bench(folder, code).post({"message": {"topic": "a"}}, access=access).code == "ACCESS_TOKEN_EXPIRED"


@pytest.mark.parametrize("code", [code for code in CODED if SERVICES[code] in ("fcm", "html", "oauth")])
def test_status_and_words_are_the_catalogues(folder: Path, code: str) -> None:
    entry = CATALOGUE.find(code)
    assert entry is not None
    act = push(Bench(folder, code), live("ios").token)
    status, word = said(act)
    if code.startswith("ApnsError/"):
        assert word == entry.code.partition("/")[2]
        return
    assert entry.http_status in (status, None)
    family = code.partition("/")[0]
    assert word in (family, "html") or code == "INVALID_ARGUMENT/apns-token-disabled"
    assert act.response is not None
    spoken = json.dumps(document(act), ensure_ascii=False).casefold() if word != "html" else ""
    assert not entry.match or any(words.casefold() in spoken for words in entry.match)


@pytest.mark.parametrize("name", NAMED)
def test_scenario_is_well_formed(name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", name)
    assert scenario.about.endswith(".")
    assert scenario.expect["outcome"] in ("accepted", "refused", "unknown")
    assert scenario.expect["exit_code"] in list(ExitCode)
    assert scenario.credentials in ("", *ACCOUNTS, *OTHERS)
    known = {
        "answer", "message", "platform", "stage", "wire", "goaway", "delay_s", "html", "status", "expire",
        "clock_ahead_s",
    }  # fmt: skip
    assert scenario.act.keys() <= known


def _refusing() -> list[str]:
    return [name for name in NAMED if EMULATOR.scenarios[name].expect["outcome"] == "refused"]


@pytest.mark.parametrize("name", _refusing())
def test_scenario_of_a_refusal_says_its_code(folder: Path, name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    expected = scenario.expect["code"]
    token = EMULATOR.handset_for(Message(title="Hi"), "production", name).token
    bench = Bench(folder, name)
    client_clock = bench.now
    act = push(bench, token, scenario.credentials)
    assert bench.now == client_clock
    assert act.code == expected or expected in ("THIRD_PARTY_AUTH_ERROR", "ApnsError/Unregistered")
    if act.code != expected:
        text = json.dumps(document(act))
        assert expected.removeprefix("ApnsError/") in text


@pytest.mark.parametrize("name", _refusing())
def test_exit_code_of_a_scenario_is_that_of_its_codes_category(name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    entry = CATALOGUE.find(scenario.expect["code"])
    assert entry is not None
    says = Judgement("refused", entry.code, entry.category, token_dead=entry.token_dead)
    assert scenario.expect["exit_code"] == says.exit_code


@pytest.mark.parametrize("name", [name for name in NAMED if name.startswith("accepted")])
def test_accepting_scenarios_accept(folder: Path, name: str) -> None:
    credentials = EMULATOR.scenarios[name].credentials
    if credentials.startswith("workload"):
        assert credentials in OTHERS  # what a workload does is told in the tests of the token endpoint
        return
    assert push(Bench(folder, name), live("android").token, credentials).code is None


def test_run_with_an_expired_token_goes_on_with_a_renewed_one(folder: Path) -> None:
    for bench, token in (
        (Bench(folder, "auth-expired"), live("android").token),
        (Bench(folder), EMULATOR.handset_for(Message(title="Hi"), "production", "auth-expired").token),
    ):
        first, second = (document(bench.mint(bench.assertion()))["access_token"] for _ in range(2))
        for _ in range(2):
            assert bench.post({"message": {"token": token}}, access=first).code == "ACCESS_TOKEN_EXPIRED"
        assert bench.post({"message": {"token": token}}, access=second).code is None


def test_wrong_clock_is_told_by_the_date(folder: Path) -> None:
    from email.utils import parsedate_to_datetime

    bench = Bench(folder, "clock-wrong")
    act = bench.mint(bench.assertion())
    assert act.code == "invalid_grant/short-lived"
    assert act.response is not None
    date = parsedate_to_datetime(act.response.header("date") or "").timestamp()
    assert date - bench.now == pytest.approx(7200, abs=2)
    ahead = int(bench.now) + 7200
    access = document(bench.mint(bench.assertion(iat=ahead, exp=ahead + 3600)))["access_token"]
    assert bench.post({"message": {"topic": "a"}}, access=access).code is None


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("hang", "hang"),
        ("drop-connection", "drop"),
        ("garbage", "garbage"),
        ("half-frame", "half-frame"),
        ("refuse-stream", "refuse-stream"),
        ("reset-after-answer", "reset-after-answer"),
    ],
)
def test_what_happens_on_the_wire_happens_to_the_push_and_not_to_the_token_endpoint(
    folder: Path, name: str, wire: str
) -> None:
    bench = Bench(folder, name)
    assert bench.mint(bench.assertion()).wire == ""
    assert push(bench, live("android").token).wire == wire
    handset = EMULATOR.handset_for(Message(title="Hi"), "production", name)
    assert push(Bench(folder), handset.token).wire == wire


def test_slow_answer_is_an_acceptance_in_its_time(folder: Path) -> None:
    token = EMULATOR.handset_for(Message(title="Hi"), "production", "slow").token
    for bench, target in ((Bench(folder, "slow"), live("android").token), (Bench(folder), token)):
        assert bench.mint(bench.assertion()).delay_s == 0
        act = push(bench, target)
        assert (act.code, act.delay_s) == (None, 2.0)


def test_goaway_has_no_reason(folder: Path) -> None:
    assert push(Bench(folder, "goaway"), live("android").token).goaway == b""


def test_web_page_in_place_of_an_answer_is_not_googles(folder: Path) -> None:
    response = push(Bench(folder, "html"), live("android").token).response
    assert response is not None
    assert (response.status, response.header("server")) == (502, None)


def test_codes_without_a_rule_are_known() -> None:
    ruled = set(literal_codes())
    unruled = {code for code in CODED if SERVICES[code] in ("fcm", "html", "oauth") and code not in ruled}
    assert {code for code in unruled if not code.startswith("ApnsError/")} == BY_SCENARIO_ONLY


def test_names_that_only_clients_use_have_no_scenario() -> None:
    client = {entry.code for entry in CATALOGUE.entries if entry.origin == "client"}
    assert client
    assert not client & EMULATOR.scenarios.keys()


def test_scenario_is_found_in_any_letter_case() -> None:
    assert find_scenario([EMULATOR], "apnserror/baddevicetoken") == "ApnsError/BadDeviceToken"
    assert find_scenario([EMULATOR], "unregistered") == "UNREGISTERED"


def test_expectations_of_apples_reasons_are_what_a_client_reads_first() -> None:
    expect: Any = {name: each.expect for name, each in EMULATOR.scenarios.items() if name.startswith("ApnsError/")}
    assert expect["ApnsError/InvalidProviderToken"]["code"] == "THIRD_PARTY_AUTH_ERROR"
    assert expect["ApnsError/BadDeviceToken"]["code"] == "ApnsError/BadDeviceToken"
    assert expect["ApnsError/Unregistered"]["code"] == "UNREGISTERED"
