"""What the scenarios of every emulated service share."""

from __future__ import annotations

import json
import os
from pathlib import Path

from pushctl.core import scenes
from pushctl.core.catalogue import Catalogue, Entry
from pushctl.core.emulated import Scenario, World
from pushctl.core.emulated_http import clock


def world(scenario: str | None = None) -> World:
    return World(lambda: 1000.0, os.urandom, Path(), scenario)


def book(folder: Path) -> scenes.Book:
    (folder / "scenarios.json").write_text(
        json.dumps({"scenarios": [{"name": "slow", "about": "Late.", "act": {"delay_s": 2}}]})
    )
    common = {"name": "N", "category": "token", "summary": "S.", "causes": [], "fixes": [], "confidence": "high"}
    common |= {"http_status": 400, "retryable": False}
    (folder / "errors.json").write_text(
        json.dumps({"vendor": "x", "errors": [{"code": "A", **common}, {"code": "B", **common, "origin": "client"}]})
    )

    def of_code(entry: Entry) -> Scenario | None:
        return scenes.of_code(entry, {"answer": entry.code}) if entry.origin == "server" else None

    return scenes.Book(folder / "scenarios.json", Catalogue(folder / "errors.json"), of_code)


def test_a_book_has_the_scenarios_of_its_file_and_one_for_every_code_that_is_answered(tmp_path: Path) -> None:
    made = book(tmp_path)
    assert list(made.named) == ["slow"]
    assert list(made.all) == ["slow", "A"]
    assert made.all["A"].expect["code"] == "A"
    assert made.of(world("A")) is made.all["A"]
    assert made.of(world("B")) is None
    assert made.of(world()) is None


def test_a_book_is_not_read_before_it_is_needed() -> None:
    scenes.Book(Path("/no/such/file"), Catalogue(Path("/no/such/file")), lambda entry: None)


def test_a_scenario_comes_at_its_stage_only() -> None:
    early = Scenario("e", "", {"answer": "A", "stage": "auth"})
    late = Scenario("l", "", {"answer": "A"})
    assert [stage for stage in ("auth", "checked") if scenes.comes_at(early, stage)] == ["auth"]
    assert [stage for stage in ("auth", "checked") if scenes.comes_at(late, stage)] == ["checked"]
    assert not scenes.comes_at(None, "checked")
    assert not scenes.comes_at(Scenario("by its credentials", "", {}), "checked")


def test_the_first_credential_has_expired_and_stays_so() -> None:
    one, scenario = world(), Scenario("auth-expired", "", {"expire": "first-grant"})
    assert not scenes.expires(one, None, "first")
    assert [scenes.expires(one, scenario, each) for each in ("first", "first", "second", "first")] == [
        True,
        True,
        False,
        True,
    ]
    assert not scenes.expires(one, Scenario("slow", "", {"delay_s": 1}), "first")


def test_a_scenario_sets_the_clock_of_the_service() -> None:
    one = world()
    scenes.set_clock(one, None)
    assert clock(one) == 1000
    scenes.set_clock(one, Scenario("clock", "", {"clock_ahead_s": 7200}))
    assert clock(one) == 8200
