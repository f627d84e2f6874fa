"""The emulated Flyme Push and the catalogue name the same codes, and every scenario does what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from meizu_emulator_bench import Bench, said, told

from pushctl.core.message import Message
from pushctl.core.scenes import by_token
from pushctl.core.verdict import ExitCode, Judgement
from pushctl.core.wire import Response
from pushctl.sandbox import forge
from pushctl.vendors.meizu.emulator import EMULATOR
from pushctl.vendors.meizu.emulator_answers import CATALOGUE
from pushctl.vendors.meizu.emulator_credentials import SETS
from pushctl.vendors.meizu.emulator_handsets import token_of
from pushctl.vendors.meizu.emulator_scenarios import BOOK

FOLDER = Path(str(BOOK._path)).parent
SERVER_CODES = {entry.code for entry in CATALOGUE.entries if entry.origin == "server"}
ANSWERED = sorted(code for code in SERVER_CODES if not code.startswith("receipt/"))
NAMED = sorted(BOOK.named)
REFUSING = [name for name in NAMED if BOOK.named[name].expect["outcome"] == "refused"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("meizu-codes"), [EMULATOR]).credentials("meizu")


def handset(name: str) -> str:
    return EMULATOR.handset_for(Message(title="Hi"), "production", name).token


def literal_codes() -> set[str]:
    """Every code that the emulator's source can say, its scenarios included."""
    found: set[str] = set()
    for path in FOLDER.glob("emulator*.py"):
        found |= set(re.findall(r'"(\d{3,4}|110\d{3}|http/\d+)"', path.read_text("utf-8")))
    for scenario in BOOK.named.values():
        found |= {str(scenario.act["answer"])} if "answer" in scenario.act else set()
    return found


def test_every_code_that_the_emulator_can_say_is_in_the_catalogue() -> None:
    codes = literal_codes()
    assert len(codes) > 20
    assert all(code in SERVER_CODES or f"target/{code}" in SERVER_CODES for code in codes)
    reasons = {f"target/{each.act['reason']}" for each in BOOK.named.values() if "reason" in each.act}
    assert reasons <= SERVER_CODES


def test_refusal_says_what_the_catalogue_has_as_the_vendors_words(folder: Path) -> None:
    for code in ANSWERED:
        entry = CATALOGUE.find(code)
        assert entry is not None
        if code.isdecimal() and code not in ("200", "300", "110010"):  # 110010: the table and the printed answer differ
            assert told(Bench(folder, scenario=code).push())["message"] == entry.term


@pytest.mark.parametrize("code", ANSWERED)
def test_every_code_can_be_had_by_its_name_for_the_whole_run(folder: Path, code: str) -> None:
    assert said(Bench(folder, scenario=code).push()) == code


@pytest.mark.parametrize("code", ANSWERED)
def test_every_code_can_be_had_by_a_token(folder: Path, code: str) -> None:
    assert said(Bench(folder).push(handset(code))) == code


@pytest.mark.parametrize("entry", [entry for entry in CATALOGUE.entries if entry.code in ANSWERED])
def test_scenario_of_a_code_expects_what_its_entry_says(folder: Path, entry: Any) -> None:
    says = Judgement(entry.outcome, entry.code, entry.category, token_dead=entry.token_dead)
    assert BOOK.all[entry.code].expect == {"outcome": entry.outcome, "code": entry.code, "exit_code": says.exit_code}
    response = Bench(folder, scenario=entry.code).push().response
    assert response is not None
    assert response.status == (entry.http_status or 200)


def test_codes_that_no_call_answers_with_have_no_scenario() -> None:
    others = {entry.code for entry in CATALOGUE.entries} - set(ANSWERED)
    assert {"-1", "receipt/1"} <= others
    assert not others & EMULATOR.scenarios.keys()


@pytest.mark.parametrize("name", NAMED)
def test_scenario_is_well_formed(name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert scenario.about.endswith(".")
    assert scenario.expect["outcome"] in ("accepted", "refused", "unknown")
    assert scenario.expect["exit_code"] in list(ExitCode)
    assert scenario.credentials in ("", *SETS)
    assert scenario.act.keys() <= {"answer", "plain", "reason", "of", "stage", "wire", "delay_s", "html", "status"}


@pytest.mark.parametrize("name", REFUSING)
def test_scenario_of_a_refusal_says_its_code(folder: Path, name: str) -> None:
    scenario = EMULATOR.scenarios[name]
    bench = Bench(folder, scenario=name)
    assert said(bench.push(handset(name), credentials=scenario.credentials or "signed")) == scenario.expect["code"]
    entry = CATALOGUE.find(scenario.expect["code"])
    assert entry is not None
    says = Judgement("refused", entry.code, entry.category, token_dead=entry.token_dead)
    assert scenario.expect["exit_code"] == says.exit_code


@pytest.mark.parametrize("name", [name for name in REFUSING if by_token(BOOK.named[name])])
def test_scenario_of_a_refusal_can_be_had_by_its_token(folder: Path, name: str) -> None:
    assert said(Bench(folder).push(token_of(name))) == BOOK.named[name].expect["code"]


@pytest.mark.parametrize("name", [name for name in NAMED if name not in REFUSING])
def test_other_scenarios_answer_something_else_than_a_refusal(folder: Path, name: str) -> None:
    for act in (Bench(folder, scenario=name).push(handset(name)), Bench(folder).push(handset(name))):
        if EMULATOR.scenarios[name].expect["outcome"] == "accepted":
            assert said(act) == "200"
        else:
            assert act.wire or (isinstance(act.response, Response) and act.response.status == 502)


def test_partial_failure_is_the_last_targets(folder: Path) -> None:
    others = [token_of(), token_of("accepted-plain")]
    document = told(Bench(folder, scenario="partial").push(*others, token_of("slow")))
    assert document["value"] == {"110002": [token_of("slow")]}


@pytest.mark.parametrize("whole_run", [True, False])
def test_slow_answer_is_an_acceptance_in_its_time(folder: Path, whole_run: bool) -> None:
    bench = Bench(folder, scenario="slow" if whole_run else None)
    act = bench.push(token_of() if whole_run else token_of("slow"))
    assert (said(act), act.delay_s) == ("200", 2.0)


def test_cut_answer_is_that_of_an_acceptance(folder: Path) -> None:
    act = Bench(folder, scenario="half-frame").push()
    assert act.response is not None
    assert json.loads(act.response.body) == {"code": "200", "message": "", "value": {}}


@pytest.mark.parametrize("name", ["110002", "110003", "1001", "switch-off", "target/110002", "http/503", "html", "520"])
def test_questions_know_the_scenarios_too(folder: Path, name: str) -> None:
    ran = Bench(folder, scenario=name).call("message/getRegisterSwitch", method="GET", pushId=token_of())
    assert ran.response is not None
    expected = {"switch-off": 0, "520": 1}.get(name)
    if name in ("http/503", "html"):
        assert ran.response.status in (503, 502)
    elif expected is not None:
        assert told(ran)["value"]["barTypeSwitch"] == expected
    else:
        assert told(ran)["code"] == name.removeprefix("target/")


def test_aliases_are_told_in_their_own_code(folder: Path) -> None:
    for name in ("token-dead", "switch-off", "partial"):
        assert told(Bench(folder, scenario=name).alias("sandbox"))["value"] == {"110005": ["sandbox"]}
    assert told(Bench(folder, scenario="folded").alias("sandbox"))["value"] == {"520": ["sandbox"]}


def test_handsets_are_those_that_a_token_can_bring_about() -> None:
    listed = {each.scenario for each in EMULATOR.handsets("production")}
    assert listed == {"", *(name for name in NAMED if by_token(BOOK.named[name]))}
    assert {"token-dead", "partial", "switch-off", "quota"} <= listed
    assert not {"wrong-secret", "accepted", "overseas-app"} & listed
