"""APNs, the Apple Push Notification service: what it is called, where it is, what it can do.

The files of this folder have the same names in every vendor's folder: ``account`` and ``auth`` (who pushes),
``request`` (the intent becomes a request), ``judge`` (the answer becomes a verdict), ``lint``, ``asks``, ``emulator``
(the server's side), and the data that they read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pushctl.core.vendor import (
    Account,
    Ask,
    Card,
    Env,
    Field,
    Grant,
    GrantSpec,
    Job,
    MintSteps,
    Prepared,
    PrepareSteps,
    Vendor,
)
from pushctl.vendors.apns import account as accounts
from pushctl.vendors.apns import auth, judge, request
from pushctl.vendors.apns.hosts import ENVIRONMENT_ALIASES, HOSTS

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue
    from pushctl.core.finding import Finding
    from pushctl.core.message import Message, Target
    from pushctl.core.verdict import Judgement, Verdict
    from pushctl.core.wire import Reply, Request

_CONSOLE = "https://icloud.developer.apple.com/dashboard/notifications"

CARD = Card(
    id="apns",
    name="Apple Push Notification service",
    aliases=("apple", "ios"),
    wire="stream",
    environments=("sandbox", "production"),
    environment_aliases=ENVIRONMENT_ALIASES,
    hosts=HOSTS,
    targets=("token", "channel"),
    credentials=accounts.CREDENTIALS,
    app=(
        *accounts.APP,
        Field("mdm_topic", "the UID of the MDM certificate, com.apple.mgmt.…; the topic of mdm pushes"),
    ),
    silent="push type background, priority 5, aps.content-available 1, and nothing else in aps",
    silent_limits="A silent push is of low priority: Apple advises two or three an hour for a device, holds back more, "
    "and starts no app that the user swiped away.",
    ports=(2197,),
    silent_per_hour=3,
    not_targets={
        "topic": "APNs sends to device tokens; an app's topic is the header --header apns-topic=com.example.app.",
        "user": "APNs knows no users; send to each of their device tokens.",
        "alias": "APNs knows no aliases; send to the device token.",
        "condition": "APNs has no conditions; send to device tokens, or to a broadcast channel with --channel-id.",
    },
    options={
        "push_type": "apns-push-type: alert, background, voip, complication, fileprovider, mdm, liveactivity, "
        "location, pushtotalk, widgets or controls; without it the message decides",
    },
    where_next={
        "sandbox": f"Delivery log of the Push Notifications Console ({_CONSOLE}): look up the apns-unique-id under "
        "your bundle id, for 7 days.",
        "production": f"Metrics of the Push Notifications Console ({_CONSOLE}): aggregated and rounded, no look-up of "
        "one push; send to a sandbox token for that.",
    },
    sample='{"aps":{"alert":"Hi"}}',
    limits=(
        ("payload", "4096 bytes of UTF-8 JSON; 5120 for voip and for a broadcast"),
        ("collapse id", "64 bytes"),
        ("time to live", "30 days; without an expiration up to 30 days, with 0 one attempt"),
        ("stored per device", "one notification per app, usually the latest"),
        ("silent pushes", "two or three per hour and device advised; a daily power budget on the device"),
        ("requests", "one token each, many streams on one connection; 429 for many pushes at once to one device"),
        ("provider token", "renew after 20 to 60 minutes"),
        ("channels", "10,000 per app and environment; stored at most 8 hours"),
    ),
    answers=("reason", "timestamp"),
)


class Apns:
    """The :class:`~pushctl.core.vendor.Vendor` of APNs; every method says what its module says."""

    @property
    def card(self) -> Card:
        return CARD

    @property
    def catalogue(self) -> Catalogue:
        return judge.CATALOGUE

    @property
    def asks(self) -> Mapping[str, Ask]:
        from pushctl.vendors.apns.asks import ASKS

        return ASKS

    def account(self, fields: Mapping[str, Any]) -> Account:
        return accounts.account(fields)

    def inspect(self, account: Account, now: float) -> tuple[tuple[tuple[str, str], ...], tuple[Finding, ...]]:
        return accounts.inspect(account, now)

    def grant(self, account: Account, call: str) -> GrantSpec | None:
        return auth.grant(account, call)

    def mint(self, account: Account, spec: GrantSpec, env: Env) -> MintSteps:
        return auth.mint(account, spec, env)

    def named(self, message: Message) -> tuple[Target, ...]:  # noqa: ARG002 - the device token is in the path
        return ()

    def plan(self, pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
        return request.plan(pushes)

    def prepare(self, account: Account, job: Job, grant: Grant | None, env: Env) -> PrepareSteps:  # noqa: ARG002
        """Nothing: APNs keeps no message for later."""
        yield from ()
        return Prepared()

    def request(
        self,
        account: Account,
        job: Job,
        grant: Grant | None,
        prepared: str | None,  # noqa: ARG002
        env: Env,
    ) -> Request:
        return request.request(account, job, grant, env)

    def judge(self, call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:  # noqa: ARG002
        """Every interface of APNs answers alike, so ``call`` makes no difference."""
        return judge.judge(reply, targets)

    def lint(self, account: Account | None, message: Message, target: Target | None, env: Env) -> Iterator[Finding]:
        from pushctl.vendors.apns.lint import lint

        return lint(account, message, target, env)

    def lint_target(self, account_: Account | None, target: Target) -> Iterator[Finding]:
        from pushctl.vendors.apns.lint_token import lint_target

        return lint_target(account_, target)

    def review(self, tally: Mapping[Judgement, int]) -> Iterator[Finding]:
        return judge.review(tally)


VENDOR: Vendor = Apns()
