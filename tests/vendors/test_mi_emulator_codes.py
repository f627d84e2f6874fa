"""The emulated Mi Push and the catalogue name the same codes, and every scenario does what it says."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from mi_emulator_bench import Bench, order

from pushctl.core.emulated import Act
from pushctl.core.message import Message
from pushctl.core.scenes import by_token
from pushctl.core.verdict import ExitCode, Judgement
from pushctl.core.wire import Response
from pushctl.sandbox import forge
from pushctl.vendors.mi.emulator import EMULATOR
from pushctl.vendors.mi.emulator_answers import CATALOGUE
from pushctl.vendors.mi.emulator_credentials import SETS
from pushctl.vendors.mi.emulator_handsets import token_of
from pushctl.vendors.mi.emulator_scenarios import BOOK
from pushctl.vendors.registry import folder as vendor_folder

SERVER_CODES = {entry.code for entry in CATALOGUE.entries if entry.origin == "server"}
ANSWERED = sorted(code for code in SERVER_CODES if not code.startswith(("receipt/", "device/")))
NAMED = sorted(BOOK.named)
REFUSING = [name for name in NAMED if BOOK.named[name].expect["outcome"] == "refused"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("mi-codes"), [EMULATOR]).credentials("mi")


def push(bench: Bench, token: str, credentials: str = "") -> Act:
    """What a client comes to about which everything is right but what the world, the token and the credentials say."""
    profile = EMULATOR.profile(bench.folder, "production", credentials)
    secret = Path(profile["credentials"]["app_secret"].removeprefix("file:")).read_text()
    app = profile["app"]
    fields = order(
        registration_id=token, restricted_package_name=app["package_name"], extra__channel_id=app["channel_id"]
    )
    return bench.send(fields, authorization=f"key={secret}")


def said(act: Act) -> str | None:
    """The code that a client can read from what it gets; of a status alone, its class where the catalogue has it."""
    assert act.response is not None
    if not act.response.body:
        exact, of_class = f"http/{act.response.status}", f"http/{act.response.status // 100}xx"
        return exact if CATALOGUE.find(exact) else of_class
    document = json.loads(act.response.body)
    return "data.bad_regids" if document.get("data", {}).get("bad_regids") else str(document["code"])


def literal_codes() -> set[str]:
    """Every code that the emulator's source can say, its scenarios included."""
    found: set[str] = set()
    for path in vendor_folder("mi").glob("emulator*.py"):
        texts = (node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant))
        found |= {
            text for text in texts if isinstance(text, str) and re.fullmatch(r"1\d{4}|2\d{4,5}|6\d{4}|data\.\w+", text)
        }
    found.remove("20000")  # the amount of a day, in a reason
    return found | {str(each.act["answer"]) for each in BOOK.named.values() if "answer" in each.act}


def test_every_code_that_the_emulator_can_say_is_in_the_catalogue() -> None:
    codes = literal_codes()
    assert len(codes) > 25
    assert codes <= SERVER_CODES


@pytest.mark.parametrize("code", ANSWERED)
def test_every_code_can_be_had_by_its_name_for_the_whole_run(folder: Path, code: str) -> None:
    assert said(push(Bench(folder, scenario=code), token_of())) == code


@pytest.mark.parametrize("code", ANSWERED)
def test_every_code_can_be_had_by_a_regid(folder: Path, code: str) -> None:
    handset = EMULATOR.handset_for(Message(title="Hi"), "production", code)
    assert said(push(Bench(folder), handset.token)) == code


@pytest.mark.parametrize("code", sorted(set(ANSWERED) - {"0", "data.bad_regids"}))
def test_every_code_can_be_had_by_a_question(folder: Path, code: str) -> None:
    if code != "200001":  # the amount itself tells it
        assert said(Bench(folder, scenario=code).get("/v1/trace/message/status", msg_id="x")) == code


@pytest.mark.parametrize("code", ANSWERED)
def test_scenario_of_a_code_expects_what_its_entry_says(folder: Path, code: str) -> None:
    entry = CATALOGUE.find(code)
    assert entry is not None
    says = Judgement(entry.outcome, entry.code, entry.category, token_dead=entry.token_dead)
    assert BOOK.all[code].expect == {"outcome": entry.outcome, "code": code, "exit_code": says.exit_code}
    response = push(Bench(folder, scenario=code), token_of()).response
    assert response is not None
    assert response.status == (entry.http_status or 200)


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
    assert scenario.credentials in ("", *SETS)
    assert scenario.act.keys() <= {"answer", "reason", "stage", "wire", "delay_s", "html", "status"}


@pytest.mark.parametrize("name", REFUSING)
def test_scenario_of_a_refusal_says_its_code(folder: Path, name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    token = EMULATOR.handset_for(Message(title="Hi"), "production", name).token
    act = push(Bench(folder, scenario=name), token, scenario.credentials)
    assert said(act) == scenario.expect["code"] == act.code
    entry = CATALOGUE.find(scenario.expect["code"])
    assert entry is not None
    says = Judgement("refused", entry.code, entry.category, token_dead=entry.token_dead)
    assert scenario.expect["exit_code"] == says.exit_code


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("wrong-secret", "secret-known"),
        ("app-key", "secret-known"),
        ("other-app", "package-of-app"),
        ("wrong-package", "package-known"),
        ("class-refused", "channel"),
    ],
)
def test_credentials_of_a_scenario_are_refused_by_the_ordinary_rules_too(folder: Path, name: str, rule: str) -> None:
    scenario = BOOK.named[name]
    act = push(Bench(folder), token_of(), scenario.credentials)
    assert (act.code, act.rule) == (scenario.expect["code"], rule)


def test_other_sets_are_taken(folder: Path) -> None:
    assert push(Bench(folder), token_of()).code is None
    assert push(Bench(folder), token_of(), "used-up").code == "200001"
    with pytest.raises(KeyError):
        EMULATOR.profile(folder, "production", "nobody")


@pytest.mark.parametrize("name", [name for name in NAMED if name not in REFUSING])
def test_other_scenarios_answer_something_else_than_a_refusal(folder: Path, name: str) -> None:
    token = EMULATOR.handset_for(Message(title="Hi"), "production", name).token
    act = push(Bench(folder, scenario=name), token)
    if EMULATOR.scenarios[name].expect["outcome"] == "accepted":
        assert said(act) == "0"
    else:
        assert act.wire or (isinstance(act.response, Response) and act.response.status == 502)


def test_slow_answer_is_an_acceptance_in_its_time(folder: Path) -> None:
    for world, token in (("slow", token_of()), (None, token_of("slow"))):
        act = push(Bench(folder, scenario=world), token)
        assert (said(act), act.delay_s) == ("0", 2.0)


def test_wire_happens_to_questions_too(folder: Path) -> None:
    assert Bench(folder, scenario="drop-connection").get("/v1/trace/quota/get").wire == "drop"


@pytest.mark.parametrize("name", ["class-refused", "partial", "server-error", "token-dead"])
def test_named_refusals_of_pushes_leave_questions_alone(folder: Path, name: str) -> None:
    assert Bench(folder, scenario=name).get("/v1/trace/quota/get").code is None


def test_handsets_are_those_that_a_token_can_bring_about() -> None:
    listed = {handset.scenario for handset in EMULATOR.handsets("production")}
    assert listed == {"", *(name for name in NAMED if by_token(BOOK.named[name]))}
    assert {"token-dead", "partial", "notifications-off", "quota"} <= listed
    assert not {"wrong-secret", "app-key", "accepted"} & listed
