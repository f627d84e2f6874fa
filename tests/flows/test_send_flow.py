"""What the flow decides for every vendor: renewal, giving up, interruption. The transport is a script."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pushctl.config.grants import GrantCache
from pushctl.config.profiles import from_table
from pushctl.core.message import Message, Target
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, GrantSpec, Question
from pushctl.core.verdict import ExitCode
from pushctl.core.wire import Goaway, Lost, Reply, Request, Response
from pushctl.flows.ask import ask
from pushctl.flows.send import Run
from pushctl.flows.session import Session
from pushctl.transport.route import Route
from pushctl.vendors import registry
from pushctl.vendors.apns.account import ProviderKey

KEY = (Path(__file__).parents[2] / "profiles" / "AuthKey_SAMPLEKEY1.p8").read_bytes()
HOSTS = {"push": "https://127.0.0.1:1", "manage": "https://127.0.0.1:2"}
EXPIRED = Response(403, (("apns-id", "x"),), b'{"reason":"ExpiredProviderToken"}')
OK = Response(200, (("apns-id", "x"),))


class Script:
    """A transport that answers from a function and keeps what it was asked."""

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        self.answer = answer
        self.sent: list[Request] = []
        self.renewed = 0
        self.in_flight: tuple[Any, ...] = ()

    def exchange(self, requests: Iterable[Any]) -> Iterator[Any]:
        for key, request in requests:
            self.in_flight = ((key, request),)
            reply = self.one(request)
            self.in_flight = ()
            yield key, request, reply

    def one(self, request: Request) -> Reply:
        self.sent.append(request)
        return self.answer(request)

    def renew(self) -> None:
        self.renewed += 1

    def close(self) -> None:
        pass


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[Callable[[Request], Reply]], tuple[Session, Script]]:
    def make(answer: Callable[[Request], Reply]) -> tuple[Session, Script]:
        provider = ProviderKey(Secret(KEY, "$KEY"), "SAMPLEKEY1", "SAMPLETEAM")
        account = Account("sandbox", provider, {"bundle_id": "com.example.app"}, HOSTS)
        profile = from_table("me", {"vendor": "apns", "environment": "sandbox"}, origin="sandbox")
        session = Session(registry.load("apns"), account, profile, Route(), GrantCache(tmp_path / "grants"))
        script = Script(answer)
        session._transport = script  # type: ignore[assignment]
        return session, script

    return make


def pushes(number: int) -> list[tuple[Message, Target]]:
    message = Message(title="Hi")
    return [(message, Target("token", f"{index:064x}")) for index in range(number)]


def bearer(request: Request) -> str:
    value = dict(request.headers)["authorization"]
    assert isinstance(value, Secret)
    return value.reveal()


def test_an_expired_token_is_renewed_once_for_all_and_only_what_it_hit_is_repeated(opened: Any) -> None:
    first: list[str] = []

    def answer(request: Request) -> Reply:
        first.append(bearer(request))
        return EXPIRED if bearer(request) == first[0] else OK

    session, script = opened(answer)
    run = Run(session, pushes(4))
    assert [result.verdict.says.outcome for result in run] == ["accepted"] * 4
    assert script.renewed == 1
    assert len({bearer(request) for request in script.sent}) == 2
    assert len(script.sent) == 5, "the first one is repeated, the others went out with the new token at once"


def test_a_token_that_stays_expired_is_told_for_every_target(opened: Any) -> None:
    session, script = opened(lambda request: EXPIRED)
    run = Run(session, pushes(3))
    assert [result.verdict.says.code for result in run] == ["ExpiredProviderToken"] * 3
    assert run.report.exit_code is ExitCode.CREDENTIAL
    assert script.renewed <= 1


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Lost("no", "cannot be resolved", "DNS"), ExitCode.NETWORK),
        (Lost("no", "refused", "CONNECT"), ExitCode.NETWORK),
        (Goaway(b'{"reason":"BadCertificateEnvironment"}'), ExitCode.CREDENTIAL),
    ],
)
def test_a_door_that_stays_closed_is_not_knocked_at_a_thousand_times(opened: Any, reply: Reply, code: ExitCode) -> None:
    session, script = opened(lambda request: reply)
    run = Run(session, pushes(1000))
    results = list(run)
    assert len(results) == 1000
    assert len(script.sent) <= 4
    assert {result.verdict.target.value for result in results} == {target.value for _, target in pushes(1000)}
    assert results[-1].verdict.says.sent == "no"
    assert "not tried" in results[-1].verdict.says.detail
    assert run.report.exit_code is code


def test_one_lost_answer_does_not_stop_a_run(opened: Any) -> None:
    replies = iter([Lost("no", "x", "CONNECT"), Lost("no", "x", "CONNECT"), OK] * 3)
    session, script = opened(lambda request: next(replies))
    assert len(list(Run(session, pushes(9)))) == 9
    assert len(script.sent) == 9


def test_an_interruption_reports_what_was_on_its_way_and_what_waited_for_a_repeat(opened: Any) -> None:
    calls = iter([EXPIRED, OK])

    def answer(request: Request) -> Reply:
        reply = next(calls, None)
        if reply is None:
            raise KeyboardInterrupt
        return reply

    session, _ = opened(answer)
    run = Run(session, pushes(5))
    results = iter(run)
    seen = [next(results)]
    with pytest.raises(KeyboardInterrupt):
        next(results)
    added = run.interrupt()
    assert [result.verdict.says.outcome for result in seen] == ["accepted"]
    assert [result.verdict.says.code for result in added] == ["INTERRUPTED", "ExpiredProviderToken"]
    assert added[0].verdict.message_id, "the id that we chose"
    assert run.report.exit_code is ExitCode.INTERRUPTED


def test_a_lost_answer_carries_the_id_that_we_chose(opened: Any) -> None:
    session, script = opened(lambda request: Lost("maybe", "cut", "CLOSED"))
    (result,) = Run(session, pushes(1))
    assert result.verdict.message_id == script.sent[0].message_id


def test_a_wrong_clock_is_told_once_from_the_date_of_the_refusals(opened: Any) -> None:
    headers = (("apns-id", "x"), ("date", "Thu, 01 Jan 2026 00:00:00 GMT"))
    session, _ = opened(lambda request: Response(403, headers, b'{"reason":"InvalidProviderToken"}'))
    run = Run(session, pushes(3))
    list(run)
    (finding,) = [one for one in run.report.findings if one.rule == "clock-wrong"]
    assert "ahead of the server's" in finding.text
    assert "Thu, 01 Jan 2026 00:00:00 GMT" in finding.text
    assert run.report.exit_code is ExitCode.CREDENTIAL, "the verdict is the vendor's answer alone"


def test_a_grant_that_the_profile_itself_holds_is_not_renewed(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    session, script = opened(lambda request: EXPIRED)
    monkeypatch.setattr("pushctl.vendors.apns.auth.grant", lambda account, call: GrantSpec("k", 0, kept="given"))
    assert [result.verdict.says.code for result in Run(session, pushes(1))] == ["ExpiredProviderToken"]
    assert len(script.sent) == 1
    assert not list(session.grants.path(GrantSpec("k", 0)).parent.glob("*.json"))


def test_each_of_the_grants_of_a_run_is_renewed_by_itself(tmp_path: Path) -> None:
    """OPPO's regions have tokens of their own, and both expire in the same hour."""
    vendor = registry.load("oppo")
    credential = {"app_key": "0" * 32, "master_secret": Secret("1" * 32, "$S")}
    account = vendor.account({"environment": "production", "credentials": credential, "app": {}})
    profile = from_table("me", {"vendor": "oppo"}, origin="sandbox")
    session = Session(vendor, account, profile, Route(), GrantCache(tmp_path / "grants"))
    minted: list[str] = []

    def answer(request: Request) -> Reply:
        host = request.url.split("/")[2]
        if request.call == "auth":
            minted.append(host)
            return Response(200, (), b'{"code":0,"data":{"auth_token":"%d"}}' % minted.count(host))
        token = dict(request.form or ())["auth_token"]
        assert isinstance(token, Secret)
        return Response(200, (), b'{"code":%d,"data":{}}' % (11 if token.reveal() == "1" else 0))

    script = Script(answer)
    session._transport = script  # type: ignore[assignment]
    tokens = [f"{region}_{number:032x}" for number in range(2) for region in ("CN", "IN")]
    run = Run(session, [(Message(title="Hi", body="There"), Target("token", token)) for token in tokens])

    assert [result.verdict.says.outcome for result in run] == ["accepted"] * 4
    assert sorted(minted) == ["api-intl.push.oppomobile.com"] * 2 + ["api-push-cn.heytapmobi.com"] * 2


def test_a_question_is_put_again_once_with_a_fresh_grant(opened: Any) -> None:
    replies = iter([EXPIRED, OK])
    session, script = opened(lambda request: next(replies))
    answer = ask(session, "channel.list", Question())
    assert answer.says.outcome == "accepted"
    assert bearer(script.sent[0]) != bearer(script.sent[1])
