"""The emulated OPPO Push and the catalogue name the same codes, and every scenario does what it says."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from oppo_emulator_bench import Bench, message

from pushctl.core.emulated import Act
from pushctl.core.message import Message
from pushctl.core.scenes import by_token
from pushctl.core.verdict import ExitCode, Judgement
from pushctl.core.wire import Response
from pushctl.sandbox import forge
from pushctl.vendors.oppo import emulator_answers
from pushctl.vendors.oppo.emulator import EMULATOR
from pushctl.vendors.oppo.emulator_credentials import SETS
from pushctl.vendors.oppo.emulator_handsets import token_of
from pushctl.vendors.oppo.emulator_scenarios import BOOK, CATALOGUE
from pushctl.vendors.registry import folder as vendor_folder

SERVER_CODES = {entry.code for entry in CATALOGUE.entries if entry.origin == "server"}
ANSWERED = sorted(code for code in SERVER_CODES if not code.startswith("receipt/"))
NAMED = sorted(BOOK.named)
REFUSING = [name for name in NAMED if BOOK.named[name].expect["outcome"] == "refused"]
OF_AUTH = [name for name, each in BOOK.all.items() if each.act.get("stage") == "auth"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("oppo-codes"), [EMULATOR]).credentials("oppo")


def push(bench: Bench, target: str, credentials: str = "", way: str = "unicast") -> Act:
    """What a client comes to about which everything is right but what the world, the target and the credentials say.
    Its clock is the true one."""
    kept = SETS[credentials or "master-secret"]
    act = bench.auth(app_key=kept.app_key, secret=bench.secret(kept.secret))
    if act.code is not None or act.response is None:
        return act
    token = json.loads(act.response.body)["data"]["auth_token"]
    fields = {"message": message(target)} if way == "unicast" else {"messages": [message(), message(target)]}
    return bench.call(way, token=token, **fields)


def said(act: Act) -> str:
    """The code that a client can read from what it gets."""
    assert act.response is not None
    if act.response.status != 200:
        return f"http/{act.response.status}"
    document = json.loads(act.response.body)
    data = document.get("data")
    inside = [one["errorCode"] for one in data if "errorCode" in one] if isinstance(data, list) else []
    return str(inside[0] if inside else document["code"])


def literal_codes() -> set[str]:
    """Every code that the emulator's source can say, its scenarios included."""
    constants = {value for name, value in vars(emulator_answers).items() if name.isupper() and isinstance(value, str)}
    found = constants | emulator_answers.TEXTS.keys()
    for path in vendor_folder("oppo").glob("emulator*.py"):
        calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
        for call in calls:
            if isinstance(call.func, ast.Name) and call.func.id == "Refusal":
                found |= {one.value for one in call.args[:1] if isinstance(one, ast.Constant)}
    return found | {str(each.act["answer"]) for each in BOOK.named.values() if "answer" in each.act}


def test_every_code_that_the_emulator_can_say_is_in_the_catalogue() -> None:
    codes = literal_codes()
    assert len(codes) > 30
    assert codes <= SERVER_CODES


def test_words_of_the_documents_table_are_the_names_of_the_catalogue() -> None:
    for code, words in emulator_answers.TEXTS.items():
        entry = CATALOGUE.find(code)
        assert entry is not None
        if code != "10000":  # the document's example of that one is Chinese
            assert entry.name.replace(" / ", "/") == words


@pytest.mark.parametrize("code", ANSWERED)
def test_every_code_can_be_had_by_its_name_for_the_whole_run(folder: Path, code: str) -> None:
    assert said(push(Bench(folder, scenario=code), token_of())) == code


@pytest.mark.parametrize("way", ["unicast", "unicast_batch"])
@pytest.mark.parametrize("code", sorted(set(ANSWERED) - set(OF_AUTH)))
def test_every_code_of_the_push_api_can_be_had_by_a_registration_id(folder: Path, code: str, way: str) -> None:
    handset = EMULATOR.handset_for(Message(title="Hi"), "production", code)
    assert said(push(Bench(folder), handset.token, way=way)) == code


@pytest.mark.parametrize("entry", [entry for entry in CATALOGUE.entries if entry.code in ANSWERED])
def test_scenario_of_a_code_expects_what_its_entry_says(folder: Path, entry: Any) -> None:
    expect = BOOK.all[entry.code].expect
    says = Judgement(entry.outcome, entry.code, entry.category, token_dead=entry.token_dead)
    assert expect == {"outcome": entry.outcome, "code": entry.code, "exit_code": says.exit_code}
    response = push(Bench(folder, scenario=entry.code), token_of()).response
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
    assert scenario.credentials in ("", *SETS)
    known = {"answer", "reason", "only", "stage", "wire", "delay_s", "html", "status", "expire", "clock_ahead_s"}
    assert scenario.act.keys() <= known | {"without", "msg"}


@pytest.mark.parametrize("name", REFUSING)
def test_scenario_of_a_refusal_says_its_code(folder: Path, name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    target = EMULATOR.handset_for(Message(title="Hi"), "production", name).token
    act = push(Bench(folder, scenario=name), target, scenario.credentials)
    assert said(act) == scenario.expect["code"]
    entry = CATALOGUE.find(scenario.expect["code"])
    assert entry is not None
    says = Judgement("refused", entry.code, entry.category, token_dead=entry.token_dead)
    assert scenario.expect["exit_code"] == says.exit_code


@pytest.mark.parametrize("name", [name for name in NAMED if name not in (*REFUSING, "auth-expired")])
def test_other_scenarios_answer_something_else_than_a_refusal(folder: Path, name: str) -> None:
    target = EMULATOR.handset_for(Message(title="Hi"), "production", name).token
    act = push(Bench(folder, scenario=name), target)
    if EMULATOR.scenarios[name].expect["outcome"] == "accepted":
        assert said(act) == "0"
    else:
        assert act.wire or (isinstance(act.response, Response) and act.response.status == 502)


@pytest.mark.parametrize("whole_run", [True, False])
def test_expired_credential_is_followed_by_a_fresh_one(folder: Path, whole_run: bool) -> None:
    bench = Bench(folder, scenario="auth-expired" if whole_run else None)
    assert said(push(bench, token_of("auth-expired"))) == "11"
    assert said(push(bench, token_of("auth-expired"))) == "0"


@pytest.mark.parametrize("scenario", ["clock-wrong", "16"])
def test_no_token_of_an_earlier_run_hides_what_the_token_interface_says(folder: Path, scenario: str) -> None:
    token = Bench(folder).token()
    act = Bench(folder, scenario=scenario).call("unicast", token=token, message=message())
    assert (said(act), act.rule) == ("11", f"scenario {scenario}")


def test_slow_answer_is_an_acceptance_in_its_time(folder: Path) -> None:
    for world, target in (("slow", token_of()), (None, token_of("slow"))):
        act = push(Bench(folder, scenario=world), target)
        assert (said(act), act.delay_s) == ("0", 2.0)


def test_handsets_are_those_that_a_registration_id_can_bring_about() -> None:
    listed = {handset.scenario for handset in EMULATOR.handsets("production")}
    assert listed == {"", *(name for name in NAMED if by_token(BOOK.named[name]))}
    assert {"token-dead", "partial", "auth-expired", "template-missing"} <= listed
    assert not {"wrong-secret", "app-key", "clock-wrong"} & listed
