"""FCM, Firebase Cloud Messaging (HTTP v1): what it is called, where it is, what it can do.

The files of this folder have the same names in every vendor's folder: ``account`` and ``auth`` (who pushes),
``request`` and ``message`` (the intent becomes a request), ``judge`` (the answer becomes a verdict), ``lint``,
``asks``, ``emulator`` (the server's side), and the data that they read.
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
    Prepared,
    PrepareSteps,
    Vendor,
)
from pushctl.vendors.fcm import account as accounts
from pushctl.vendors.fcm import auth, judge, request
from pushctl.vendors.fcm.hosts import HOSTS

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue
    from pushctl.core.finding import Finding
    from pushctl.core.message import Message, Target
    from pushctl.core.verdict import Judgement, Verdict
    from pushctl.core.wire import Reply, Request

CARD = Card(
    id="fcm",
    name="Firebase Cloud Messaging",
    aliases=("google", "firebase", "android"),
    wire="either",  # no batches: many sends are many streams of one HTTP/2 connection
    environments=("production",),
    hosts=HOSTS,
    targets=request.TARGETS,
    credentials=accounts.CREDENTIALS,
    app=accounts.APP,
    silent="data only, with android.priority said (normal; high with --priority high), and for iOS apns-push-type "
    "background, apns-priority 5, aps.content-available 1",
    silent_limits="A silent push of normal priority waits while an Android device dozes; high ones that show nothing "
    "are lowered by FCM after a while, a force-stopped app gets none, and iOS allows a few an hour.",
    silent_per_hour=0,
    validate_only="FCM checked it and delivers nothing (validate_only); it counts towards the quota.",
    not_targets={
        "alias": "FCM knows no aliases; send to the token, or subscribe the devices to a topic.",
        "user": "FCM knows no users; send to each of their tokens, or to a topic per user.",
        "channel": "FCM has no broadcast channels; --topic reaches all that subscribed to it.",
        "tag": "FCM has no tags; subscribe the devices to topics and combine them with --condition.",
        "all": "FCM has no broadcast to all; subscribe every device to one topic.",
    },
    options={
        "analytics_label": "fcm_options.analytics_label: groups pushes in the aggregates; at most 100 a day",
        "android": "fields of message.android, merged into what the flags say",
        "apns": "fields of message.apns, likewise",
        "webpush": "fields of message.webpush, likewise",
        "notification": "fields of message.notification, likewise",
        "fcm_options": "fields of message.fcm_options, likewise",
        "android_v2": "message.android_v2 (preview), in place of android",
    },
    where_next={
        "production": "No receipt exists for one push: 'pushctl trace' shows Android's daily aggregates (mark your "
        "pushes with an analytics label), and a BigQuery export has one row for each.",
    },
    sample='{"message":{"notification":{"title":"Hi"}}}',
    limits=(
        (
            "payload",
            "4096 bytes of keys and values; for a topic stay below 2048; 4096 bytes for APNs after translation",
        ),
        ("time to live", "0 to 28 days; without one 28 days (iOS: 30 days)"),
        ("collapse keys", "4 different ones stored for a device"),
        ("stored per device", "100 messages without a collapse key; beyond that all of them are dropped"),
        ("one device", "240 messages a minute and 5,000 an hour (Android)"),
        ("same collapse key", "20 at once, then one every 3 minutes; late, not refused"),
        ("project", "600,000 messages a minute unless changed"),
        ("topics", "2,000 for an app instance; a condition combines 5"),
        ("analytics labels", "50 characters; 100 different ones a day"),
        ("requests", "one token each, many streams on one connection; the batch endpoint is shut down"),
        ("access token", "an hour; reused from the cache"),
        ("unused tokens", "unseen for 270 days: expired, answered UNREGISTERED"),
    ),
    set_into="the message object (android.priority, apns.payload.aps.sound, webpush.headers.Urgency …)",
    max_targets=1,
    answers=("error.code", "error.message", "error.status", "name"),
)


class Fcm:
    """The :class:`~pushctl.core.vendor.Vendor` of FCM; every method says what its module says."""

    @property
    def card(self) -> Card:
        return CARD

    @property
    def catalogue(self) -> Catalogue:
        return judge.CATALOGUE

    @property
    def asks(self) -> Mapping[str, Ask]:
        from pushctl.vendors.fcm.asks import ASKS

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
        return request.named(message)

    def plan(self, pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
        return request.plan(pushes)

    def prepare(self, account: Account, job: Job, grant: Grant | None, env: Env) -> PrepareSteps:  # noqa: ARG002
        """Nothing: FCM keeps no message for later."""
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

    def judge(self, call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
        return judge.judge(call, reply, targets)

    def lint(self, account: Account | None, message: Message, target: Target | None, env: Env) -> Iterator[Finding]:
        from pushctl.vendors.fcm.lint import lint

        return lint(account, message, target, env)

    def lint_target(self, account: Account | None, target: Target) -> Iterator[Finding]:
        from pushctl.vendors.fcm.lint_token import lint_target

        return lint_target(account, target)

    def review(self, tally: Mapping[Judgement, int]) -> Iterator[Finding]:
        return judge.review(tally)


VENDOR: Vendor = Fcm()
