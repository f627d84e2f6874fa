"""From the command line to an emulated service and back: what the tests of every vendor ask of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import pytest

from pushctl.core.emulated import Act, Emulator, Scenario
from pushctl.core.message import Message, Target
from pushctl.core.scenes import Book
from pushctl.core.vendor import Account, Env, Vendor
from pushctl.core.wire import Response
from pushctl.flows.lint import lint
from pushctl.sandbox import forge

Send = Callable[..., dict[str, Any]]
WAYS = (("-v",), ("--json", "-v"), ("--dry-run",), ("--as", "curl"))


def fixtures(vendor: str, emulator: Emulator) -> tuple[Any, Any, Any]:
    """A module's three fixtures, ``env, send, folder = fixtures(…)``: variables that keep files inside the test, a
    function that sends, and a folder of the vendor's throw-away credentials."""

    @pytest.fixture
    def env(sandbox_home: Path, tmp_path: Path) -> dict[str, str]:
        return {"XDG_STATE_HOME": str(sandbox_home), "XDG_CACHE_HOME": str(tmp_path)}

    @pytest.fixture
    def send(pushctl: Any, env: dict[str, str]) -> Send:
        """Run ``pushctl send --sandbox``; every command has an emulator of its own."""

        def run(*argv: str) -> dict[str, Any]:
            ran = pushctl("send", "--sandbox", vendor, *argv, "--json", env=env)
            document: dict[str, Any] = json.loads(ran.out)
            assert ran.code == document["exit_code"], document
            return document

        return run

    @pytest.fixture(scope="module")
    def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
        return forge.ensure(tmp_path_factory.mktemp(f"{vendor}-both"), [emulator]).credentials(vendor)

    return env, send, folder


# --- pushes and scenarios --------------------------------------------------------------------------------------------


def each_named(book: Book) -> pytest.MarkDecorator:
    """A test of every named scenario, ``name``, but of those in which nobody answers for a while."""
    return pytest.mark.parametrize("name", [name for name in book.named if name not in ("hang", "slow")])


def each_code(book: Book) -> pytest.MarkDecorator:
    """A test of every scenario that is a code of the catalogue, ``code``."""
    return pytest.mark.parametrize("code", sorted(book.all.keys() - book.named.keys()))


def accepted(document: Mapping[str, Any], *, treatments: int = 1) -> dict[str, Any]:
    """The one result of a push that was accepted, about which lint had no error to tell, and said once how the vendor
    treats it (``treatments`` is 0 for a vendor that treats all alike)."""
    (result,) = document["results"]
    assert (result["outcome"], document["exit_code"]) == ("accepted", 0)
    assert "error" not in [finding["level"] for finding in document["findings"]]
    assert [finding["rule"] for finding in document["findings"]].count("treatment") == treatments
    return dict(result)


def comes_to(document: Mapping[str, Any], scenario: Scenario) -> dict[str, Any]:
    """The one result of a push in this scenario, which expects an outcome, an exit code, and mostly a code."""
    (result,) = document["results"]
    expect = scenario.expect
    assert {"outcome": result["outcome"], "exit_code": document["exit_code"], "code": result["code"]} == {
        "outcome": expect["outcome"],
        "exit_code": expect["exit_code"],
        "code": expect.get("code", result["code"]),
    }
    return dict(result)


def comes_to_its_entry(document: Mapping[str, Any], scenario: Scenario) -> dict[str, Any]:
    """The same for the scenario of a code, which expects a code, too."""
    assert scenario.expect.keys() == {"outcome", "code", "exit_code"}
    return comes_to(document, scenario)


def fates(document: Mapping[str, Any]) -> dict[str, str]:
    """Each target's outcome, of a push to several, whose outcomes differ."""
    assert document["exit_code"] == 9
    return {row["target"]["value"]: row["outcome"] for row in document["results"]}


# --- what must not be shown ------------------------------------------------------------------------------------------


def told(pushctl: Any, env: Mapping[str, str], vendor: str, *argv: str) -> str:
    """All that a push shows: in words, as JSON, as a dry run, and as a command of curl."""
    shown = [pushctl("send", "--sandbox", vendor, *argv, *more, env=env) for more in WAYS]
    return "".join(ran.out + ran.err for ran in shown)


def granted(pushctl: Any, env: Mapping[str, str], vendor: str) -> str:
    """The token that ``pushctl auth`` prints."""
    ran = pushctl("auth", "--sandbox", vendor, env=env)
    assert ran.code == 0
    assert ran.out.strip()
    return str(ran.out.strip())


def secrets(env: Mapping[str, str], vendor: str, files: str) -> set[str]:
    """What stands in the sandbox's files of these names."""
    return {path.read_text() for path in Path(env["XDG_STATE_HOME"]).rglob(f"{vendor}/{files}")}


# --- lint and the other side's checks --------------------------------------------------------------------------------


def agree(
    vendor: Vendor,
    account: Account,
    message: Message,
    target: Target,
    serve: Callable[[], Act],
    *,
    success: str,
    now: float = 0.0,
    cannot_be_written: str = "set-conflict",
    not_lints: Collection[str] = (),
    plain: Callable[[str], str] = str,
) -> None:
    """What lint calls right is taken, what is refused lint had said, and the answer is judged as what it meant.

    :param serve: what the other side makes of the message.
    :param success: the code of an accepted push.
    :param cannot_be_written: lint's rule for a message of which no request can be made, or "".
    :param not_lints: codes that only the other side can know of.
    :param plain: what of a code both sides have.
    """
    findings = lint(vendor, account, [(message, target)], Env(now, bytes))
    if any(finding.rule == cannot_be_written for finding in findings):
        return
    act = serve()
    if act.code is not None and act.code not in not_lints:
        serious = [finding.rule for finding in findings if finding.level in ("error", "warning")]
        assert serious, (act.code, act.rule, act.note)
    (verdict,) = vendor.judge("send", act.response or Response(0), (target,))
    assert plain(verdict.says.code) == plain(act.code or success)
