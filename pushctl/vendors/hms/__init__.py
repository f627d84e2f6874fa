"""Huawei Push Kit v1 and v2: what it is called, where it is, what it can do.

For devices with HMS Core: Android, EMUI, HarmonyOS up to 4. HarmonyOS 5 and NEXT are the vendor ``harmony``, whose
API (v3) has the same host and the same codes; what both share lies in :mod:`pushctl.vendors._huawei`.
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
from pushctl.vendors.hms import account as accounts
from pushctl.vendors.hms import auth, judge, request
from pushctl.vendors.hms.hosts import HOSTS

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue
    from pushctl.core.finding import Finding
    from pushctl.core.message import Message, Target
    from pushctl.core.verdict import Judgement, Verdict
    from pushctl.core.wire import Reply, Request

CARD = Card(
    id="hms",
    name="Huawei Push Kit (v1, v2)",
    aliases=("huawei",),
    wire="rest",
    environments=("production",),
    hosts=HOSTS,
    targets=("token", "topic", "condition"),
    credentials=accounts.CREDENTIALS,
    app=accounts.APP,
    id_name="requestId",
    silent="a data message: message.data (a string) and no notification object anywhere",
    silent_limits="A data message wakes no app: without a running process it waits on the device until the app is "
    "started (receipt 27), unless the user allows auto-launch; only urgency HIGH, a permission that Huawei grants on "
    "application, starts the process.",
    validate_only="Huawei checked the format and delivers nothing (validate_only).",
    not_targets={
        "user": "Huawei's server API knows no users; send to each of their device tokens.",
        "alias": "Huawei's server API knows no aliases; send to the device token, or to a topic.",
        "channel": "Huawei has no broadcast channels; --topic reaches everybody who subscribed. (--channel names the "
        "Android notification channel.)",
        "tag": "Huawei has no tags; subscribe devices to topics and combine these with --condition.",
        "all": "Huawei has no push to everybody; subscribe devices to a topic.",
    },
    options=request.OPTIONS,
    where_next={
        "production": "AppGallery Connect > Grow > Push Kit > self-service analysis: look the requestId up with the "
        "token; there is no API for it. Receipts, switched on there, report every device.",
    },
    sample='{"message":{"notification":{"title":"Hi"}}}',
    limits=(
        ("payload", "4096 bytes of JSON without the tokens"),
        ("tokens", "1 to 1000 in a request"),
        ("time to live", "1 second to 15 days; 1 day where nothing is said"),
        ("stored per device", "the newest 120 messages of an app"),
        ("marketing", "2 a day for a device and app, 5 for news apps with a licence; more is dropped"),
        ("all messages", "3000 a day for a device and app"),
        ("test messages", "500 a day for an app, with target_user_type 1"),
        ("send rate", "by monthly active users and category, at least 6000 devices a second; more is answered 503"),
        ("access tokens", "1000 in 5 minutes; one lives an hour"),
        ("topics", "2000 for an app, 100 topic messages at a time, 5 topics in a condition"),
    ),
    set_into="the message object",
    max_targets=request.MOST_TOKENS,
    answers=("code", "msg", "requestId"),
)


class Hms:
    """The :class:`~pushctl.core.vendor.Vendor` of Huawei Push Kit v1 and v2; every method says what its module says."""

    @property
    def card(self) -> Card:
        return CARD

    @property
    def catalogue(self) -> Catalogue:
        return judge.CATALOGUE

    @property
    def asks(self) -> Mapping[str, Ask]:
        from pushctl.vendors.hms.asks import ASKS

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
        """Nothing: Huawei keeps no message for later."""
        yield from ()
        return Prepared()

    def request(
        self,
        account: Account,
        job: Job,
        grant: Grant | None,
        prepared: str | None,  # noqa: ARG002
        env: Env,  # noqa: ARG002
    ) -> Request:
        return request.request(account, job, grant)

    def judge(self, call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
        return judge.judge(call, reply, targets)

    def lint(self, account: Account | None, message: Message, target: Target | None, env: Env) -> Iterator[Finding]:  # noqa: ARG002
        from pushctl.vendors.hms.lint import lint

        return lint(account, message, target)

    def lint_target(self, account: Account | None, target: Target) -> Iterator[Finding]:  # noqa: ARG002
        from pushctl.vendors.hms.lint_token import lint_target

        return lint_target(target)

    def review(self, tally: Mapping[Judgement, int]) -> Iterator[Finding]:
        return judge.review(tally)


VENDOR: Vendor = Hms()
