"""The emulator and the catalogue name the same codes, and every scenario does what it says."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest

from pushctl.core.emulated import Act, Peer, Scenario, Seen, World
from pushctl.core.errors import UsageError
from pushctl.core.message import Message
from pushctl.core.verdict import ExitCode, Judgement
from pushctl.core.wire import Response
from pushctl.sandbox import find_scenario, forge
from pushctl.vendors.apns.emulator import EMULATOR
from pushctl.vendors.apns.emulator_answers import CATALOGUE
from pushctl.vendors.apns.emulator_credentials import BY_ENVIRONMENT, CERTIFICATES, KEYS
from pushctl.vendors.registry import folder as vendor_folder

SERVER_CODES = {entry.code for entry in CATALOGUE.entries if entry.origin == "server"}
NAMED = [row["name"] for row in json.loads((vendor_folder("apns") / "scenarios.json").read_text())["scenarios"]]
REFUSING = [name for name in NAMED if EMULATOR.scenarios[name].expect["outcome"] == "refused"]

# What the rules of the emulator never say by themselves: nothing tells when the real service does.
BY_SCENARIO_ONLY = {
    "IdleTimeout",
    "TooManyRequests",
    "InternalServerError",
    "ServiceUnavailable",
    "Service Unavailable",
    "Shutdown",
    "ExpiredToken",
    "Unregistered",
    "GOAWAY",
    "REFUSED_STREAM",
}


def said(act: Act) -> str | None:
    """The code that a client can read from what it gets."""
    if act.goaway is not None:
        return str(json.loads(act.goaway)["reason"]) if act.goaway else "GOAWAY"
    if act.wire == "refuse-stream":
        return "REFUSED_STREAM"
    if act.response is None or act.response.status < 300:
        return None
    return str(json.loads(act.response.body)["reason"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("apns-codes"), [EMULATOR]).credentials("apns")


def push(folder: Path, world: World, token: str, peer: Peer | None = None, credentials: str = "token") -> Act:
    """A push about which everything is right but what the world and the token say."""
    name = BY_ENVIRONMENT.get(credentials, {}).get("sandbox", credentials)
    key = KEYS[name]
    signed = jwt.encode(
        {"iss": key.team, "iat": int(time.time())}, (folder / key.file).read_bytes(), "ES256", {"kid": key.key_id}
    )
    headers = (("authorization", f"bearer {signed}"), ("apns-topic", "com.example.app"))
    seen = Seen("POST", f"/3/device/{token}", headers, b'{"aps":{"alert":"Hi"}}')
    return EMULATOR.serve(seen, peer or Peer(EMULATOR.listeners[0], 1), world)


def world_of(folder: Path, scenario: str | None = None) -> World:
    return World(time.time, secrets.token_bytes, folder, scenario)


def literal_codes() -> Iterator[str]:
    """Every reason that the emulator's source can say."""
    for path in vendor_folder("apns").glob("emulator*.py"):
        source = path.read_text("utf-8")
        yield from re.findall(r'Refusal\(\s*"(\w+)"', source)
        yield from re.findall(r'\bcode = "(\w+)"', source)
    for row in json.loads((vendor_folder("apns") / "scenarios.json").read_text())["scenarios"]:
        yield from [row["act"]["reason"]] if "reason" in row["act"] else []


def test_every_code_that_the_emulator_can_say_is_in_the_catalogue() -> None:
    codes = set(literal_codes())
    assert len(codes) > 30
    assert codes <= SERVER_CODES


def test_every_code_of_the_catalogue_that_a_server_sends_has_a_rule_or_is_known_to_have_none() -> None:
    rules = {
        code
        for path in vendor_folder("apns").glob("emulator*.py")
        for code in re.findall(r'(?:Refusal\(\s*|code = )"(\w+)"', path.read_text("utf-8"))
    }
    assert SERVER_CODES - rules == BY_SCENARIO_ONLY


@pytest.mark.parametrize("code", sorted(SERVER_CODES))
def test_every_code_can_be_had_by_its_name_for_the_whole_run_and_by_a_token(folder: Path, code: str) -> None:
    assert said(push(folder, world_of(folder, code), "abcd" * 16)) == code
    handset = EMULATOR.handset_for(Message(title="Hi"), "sandbox", code)
    assert said(push(folder, world_of(folder), handset.token)) == code


@pytest.mark.parametrize(
    "entry", [entry for entry in CATALOGUE.entries if entry.origin == "server" and entry.http_status]
)
def test_status_of_every_code_is_the_catalogues(folder: Path, entry: object) -> None:
    act = push(folder, world_of(folder, entry.code), "abcd" * 16)
    assert act.response is not None
    assert act.response.status == entry.http_status


def test_names_that_only_clients_use_have_no_scenario() -> None:
    client = {entry.code for entry in CATALOGUE.entries if entry.origin == "client"}
    assert client
    assert not client & EMULATOR.scenarios.keys()


@pytest.mark.parametrize("name", NAMED)
def test_scenario_is_well_formed(name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert scenario.about.endswith(".")
    assert scenario.expect["outcome"] in ("accepted", "refused", "unknown")
    assert scenario.expect["exit_code"] in list(ExitCode)
    assert scenario.credentials in ("", *KEYS, *CERTIFICATES, *BY_ENVIRONMENT)
    known = {
        "reason",
        "stage",
        "wire",
        "goaway",
        "goaway_close",
        "delay_s",
        "html",
        "status",
        "times",
        "expire",
        "token",
    }
    assert scenario.act.keys() <= known


@pytest.mark.parametrize(
    "name", [name for name in REFUSING if "certificate" not in EMULATOR.scenarios[name].credentials]
)
def test_scenario_of_a_refusal_says_its_code(folder: Path, name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    token = EMULATOR.handset_for(Message(title="Hi"), "sandbox", name).token
    act = push(folder, world_of(folder, name), token, credentials=scenario.credentials or "token")
    assert said(act) == scenario.expect["code"]


@pytest.mark.parametrize("name", REFUSING)
def test_exit_code_of_a_scenario_is_that_of_its_codes_category(name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    entry = CATALOGUE.find(scenario.expect["code"])
    assert entry is not None
    says = Judgement("refused", entry.code, entry.category, token_dead=entry.token_dead)
    assert scenario.expect["exit_code"] == says.exit_code


def test_wrong_environment_is_accepted_by_the_other_host(folder: Path) -> None:
    world = world_of(folder, "wrong-environment")
    token = EMULATOR.handset_for(Message(title="Hi"), "sandbox", "wrong-environment").token
    assert said(push(folder, world, token)) == "BadDeviceToken"
    assert said(push(folder, world, token, Peer(EMULATOR.listeners[1], 2))) is None


@pytest.mark.parametrize("whole_run", [True, False])
def test_expired_token_is_followed_by_a_fresh_one_on_a_new_connection(folder: Path, whole_run: bool) -> None:
    world = world_of(folder, "auth-expired" if whole_run else None)
    token = EMULATOR.handset_for(Message(title="Hi"), "sandbox", "auth-expired").token
    first = Peer(EMULATOR.listeners[0], 1)
    assert said(push(folder, world, token, first)) == "ExpiredProviderToken"
    assert said(push(folder, world, token, first)) == "ExpiredProviderToken"
    assert said(push(folder, world, token, Peer(EMULATOR.listeners[0], 2))) is None


def test_refused_stream_is_refused_once(folder: Path) -> None:
    world = world_of(folder, "refuse-stream")
    token = EMULATOR.handset_for(Message(title="Hi"), "sandbox", None).token
    assert said(push(folder, world, token)) == "REFUSED_STREAM"
    assert said(push(folder, world, token)) is None


def test_slow_answer_is_an_acceptance_in_its_time(folder: Path) -> None:
    token = EMULATOR.handset_for(Message(title="Hi"), "sandbox", "slow").token
    for world in (world_of(folder, "slow"), world_of(folder)):
        act = push(folder, world, token)
        assert (said(act), act.delay_s) == (None, 2.0)


def test_web_page_in_place_of_an_answer(folder: Path) -> None:
    response = push(folder, world_of(folder, "html"), "abcd").response
    assert isinstance(response, Response)
    assert (response.status, response.header("content-type"), response.header("apns-id")) == (502, "text/html", None)


def test_scenario_is_found_in_any_letter_case_and_suggested_when_misspelt() -> None:
    assert find_scenario([EMULATOR], "badcollapseid") == "BadCollapseId"
    assert (find_scenario([EMULATOR], "goaway"), find_scenario([EMULATOR], "GOAWAY")) == ("goaway", "GOAWAY")
    with pytest.raises(UsageError) as caught:
        find_scenario([EMULATOR], "token-ded")
    assert "token-dead" in caught.value.fix


def test_scenarios_are_values() -> None:
    assert all(isinstance(each, Scenario) for each in EMULATOR.scenarios.values())
    assert set(NAMED) <= EMULATOR.scenarios.keys()
