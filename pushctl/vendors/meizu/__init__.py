"""Flyme Push of Meizu: what it is called, where it is, what it can do.

For phones with Flyme. Notifications only, by pushId or alias; each request is signed by itself
(:mod:`pushctl.vendors.meizu.auth`). Facts come from Meizu's HTTP page and its Java SDK, both of April 2025.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.vendor import (
    Account,
    Ask,
    Card,
    Env,
    Grant,
    GrantSpec,
    Job,
    MintSteps,
    PrepareSteps,
    Vendor,
)
from pushctl.vendors.meizu import account as accounts
from pushctl.vendors.meizu import auth, judge, message, request
from pushctl.vendors.meizu.hosts import HOSTS

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue
    from pushctl.core.finding import Finding
    from pushctl.core.message import Message, Target
    from pushctl.core.verdict import Judgement, Verdict
    from pushctl.core.wire import Reply, Request

CARD = Card(
    id="meizu",
    name="Flyme Push",
    aliases=("flyme",),
    wire="rest",
    environments=("production",),
    hosts=HOSTS,
    targets=("token", "alias"),
    credentials=accounts.CREDENTIALS,
    app=accounts.APP,
    id_name="msgId",
    no_silent=message.NO_SILENT,
    instead_of_silent=message.INSTEAD_OF_SILENT,
    not_targets={
        "topic": "Meizu has no topics; its tags are reached from the console. Use --token or --alias.",
        "condition": "Meizu has no topics and so no conditions. Use --token or --alias.",
        "user": "Meizu's word for a user is the alias: --alias.",
        "channel": "Meizu has no broadcast channels, and no notification channels either.",
        "tag": "Meizu pushes by tag (pushToTag), pushctl does not; use --token or --alias, or the console.",
        "all": "Meizu pushes to everybody (pushToApp), pushctl does not; use the console.",
    },
    options=message.OPTIONS,
    where_next={
        "production": "Flyme's push platform (push.meizu.com) > 问题排查: look msgId and pushId up there; it also "
        "tells whether the phone is online. With [meizu] task = true 'pushctl trace' tells the numbers.",
    },
    sample='{"noticeBarInfo":{"title":"Hi","content":"There"}}',
    limits=(
        ("phones", "with Flyme, from which the pushId must come"),
        ("title and body", "32 and 100 characters"),
        ("targets", "1 to 100 pushIds or aliases in a request"),
        ("time to live", "1 to 72 whole hours; 24 where nothing is said"),
        ("public messages (公信)", "3 a day for a device and app, 5 for news and reading apps (medium confidence)"),
        ("private messages (私信)", "no daily number; Meizu approves the app (medium confidence)"),
        ("folding", "more than 5 messages to a device within a minute are folded (520)"),
        ("send rate", "200 requests a second by a partner's page; over it every call is refused with 110010"),
        ("quota", "no API tells it; the console does"),
        ("statistics", "by task, or by day for 30 days at most"),
        ("overseas apps", "app.region = overseas takes the hosts with .in."),
    ),
    set_into="messageJson",
    max_targets=request.MOST_TARGETS,
    calls=("task",),
    answers=("code", "message", "value", "msgId", "redirect"),
)


class Meizu:
    """The :class:`~pushctl.core.vendor.Vendor` of Flyme Push; every method says what its module says."""

    @property
    def card(self) -> Card:
        return CARD

    @property
    def catalogue(self) -> Catalogue:
        return judge.CATALOGUE

    @property
    def asks(self) -> Mapping[str, Ask]:
        from pushctl.vendors.meizu.asks import ASKS

        return ASKS

    def account(self, fields: Mapping[str, Any]) -> Account:
        return accounts.account(fields)

    def inspect(self, account: Account, now: float) -> tuple[tuple[tuple[str, str], ...], tuple[Finding, ...]]:
        return accounts.inspect(account, now)

    def grant(self, account: Account, call: str) -> GrantSpec | None:
        return auth.grant(account, call)

    def mint(self, account: Account, spec: GrantSpec, env: Env) -> MintSteps:
        return auth.mint(account, spec, env)

    def named(self, message: Message) -> tuple[Target, ...]:  # noqa: ARG002 - the form names targets, never messageJson
        return ()

    def plan(self, pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
        return request.plan(pushes)

    def prepare(self, account: Account, job: Job, grant: Grant | None, env: Env) -> PrepareSteps:  # noqa: ARG002
        return request.prepare(account, job, grant)

    def request(
        self,
        account: Account,
        job: Job,
        grant: Grant | None,
        prepared: str | None,
        env: Env,  # noqa: ARG002 - neither clock nor nonce is in it
    ) -> Request:
        return request.request(account, job, grant, prepared)

    def judge(self, call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
        return judge.judge(call, reply, targets)

    def lint(self, account: Account | None, message: Message, target: Target | None, env: Env) -> Iterator[Finding]:
        from pushctl.vendors.meizu.lint import lint

        return lint(account, message, target, env)

    def lint_target(self, account: Account | None, target: Target) -> Iterator[Finding]:  # noqa: ARG002
        from pushctl.vendors.meizu.lint_token import lint_target

        return lint_target(target)

    def review(self, tally: Mapping[Judgement, int]) -> Iterator[Finding]:
        return judge.review(tally)


VENDOR: Vendor = Meizu()
