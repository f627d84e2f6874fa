"""OPPO PUSH (HeyTap): what it is called, where it is, what it can do.

For phones of OPPO, OnePlus and realme with ColorOS, realme UI or OxygenOS of China. OPPO's own pages need a browser:
what is known comes from copies of its documents, its Java SDK and clients (``errors.json`` and the modules name them).
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
from pushctl.vendors.oppo import account as accounts
from pushctl.vendors.oppo import auth, judge, request
from pushctl.vendors.oppo import message as messages
from pushctl.vendors.oppo.hosts import HOSTS

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue
    from pushctl.core.finding import Finding
    from pushctl.core.message import Message, Target
    from pushctl.core.verdict import Judgement, Verdict
    from pushctl.core.wire import Reply, Request

CARD = Card(
    id="oppo",
    name="OPPO PUSH",
    aliases=("oneplus", "realme", "heytap"),
    wire="rest",
    environments=("production",),
    hosts=HOSTS,
    targets=request.KINDS,
    credentials=accounts.CREDENTIALS,
    app=accounts.APP,
    id_name="messageId",
    no_silent="OPPO PUSH has no silent push, and nothing shows that it ever had one: it knows notifications alone.",
    instead_of_silent="Send a notification with a category and notify_level 1 (drawer only), or use the app's own "
    "connection.",
    not_targets={
        "topic": "OPPO has no topics; send to the registration ids, 1000 in a request.",
        "condition": "OPPO has no topics and so no conditions; its console combines tags.",
        "user": "OPPO knows no user accounts; send to the alias, or to each of the registration ids.",
        "channel": "OPPO has no broadcast channels. (--channel names the Android notification channel.)",
        "tag": "pushctl does not push to OPPO's tags; its console does. Send to the registration ids.",
        "all": "pushctl does not push to everybody; OPPO's console does. Send to the registration ids.",
    },
    options=messages.OPTIONS,
    where_next={
        "production": "OPPO PUSH console > message records: look the messageId up there; there is no API for it. "
        "Receipts, asked for with call_back_url, report every phone.",
    },
    sample='{"notification":{"title":"Hi","content":"There"}}',
    limits=(
        ("title, content", "50 and 50 characters; 128 of content in style 2; every letter counts one"),
        ("sub_title", "10 characters"),
        ("action_parameters", "4000 characters (--data)"),
        ("targets", "1 to 1000 in a request"),
        ("time to live", "up to 10 days; 1 hour where nothing is said"),
        (
            "content and marketing",
            "2 a day for a phone, 5 of a news app; 100,000 a day for an app below 50,000 users, then two for each user",
        ),
        ("communication and service", "no limit; some categories need an approved template"),
        (
            "other stores",
            "no content and marketing for an app from another store than OPPO's, since 2024-07-29 (one source)",
        ),
        ("send rate", "5000 a second below ten million users, all interfaces together"),
        ("auth tokens", "one lives 24 hours; China and abroad have their own"),
        ("regions", "ids with CN, or without a region, go to the China host, all others to the international one"),
        ("older host", "app.domain = oppomobile.com takes api.push.oppomobile.com for China"),
        ("dead ids", "one list for mainland China; no API for a message, a quota or a dry run"),
    ),
    set_into="the notification object",
    max_targets=request.MOST_TARGETS,
    calls=request.CALLS,
    answers=(
        "code",
        "message",
        "data",
        "data.messageId",
        "data.message_id",
        "data.task_id",
        "data.auth_token",
        "data.registration_ids",
        "data.registrationId",
    ),
)


class Oppo:
    """The :class:`~pushctl.core.vendor.Vendor` of OPPO PUSH; every method says what its module says."""

    @property
    def card(self) -> Card:
        return CARD

    @property
    def catalogue(self) -> Catalogue:
        return judge.CATALOGUE

    @property
    def asks(self) -> Mapping[str, Ask]:
        from pushctl.vendors.oppo.asks import ASKS

        return ASKS

    def account(self, fields: Mapping[str, Any]) -> Account:
        return accounts.account(fields)

    def inspect(self, account: Account, now: float) -> tuple[tuple[tuple[str, str], ...], tuple[Finding, ...]]:
        return accounts.inspect(account, now)

    def grant(self, account: Account, call: str) -> GrantSpec | None:
        return auth.grant(account, call)

    def mint(self, account: Account, spec: GrantSpec, env: Env) -> MintSteps:
        return auth.mint(account, spec, env)

    def named(self, message: Message) -> tuple[Target, ...]:
        return messages.named(message)

    def plan(self, pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
        return request.plan(pushes)

    def prepare(self, account: Account, job: Job, grant: Grant | None, env: Env) -> PrepareSteps:
        return request.prepare(account, job, grant, env)

    def request(self, account: Account, job: Job, grant: Grant | None, prepared: str | None, env: Env) -> Request:
        return request.request(account, job, grant, prepared, env)

    def judge(self, call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
        return judge.judge(call, reply, targets)

    def lint(self, account: Account | None, message: Message, target: Target | None, env: Env) -> Iterator[Finding]:
        from pushctl.vendors.oppo.lint import lint

        return lint(account, message, target, env)

    def lint_target(self, account: Account | None, target: Target) -> Iterator[Finding]:  # noqa: ARG002
        from pushctl.vendors.oppo.lint_token import lint_target

        return lint_target(target)

    def review(self, tally: Mapping[Judgement, int]) -> Iterator[Finding]:
        return judge.review(tally)


VENDOR: Vendor = Oppo()
