"""Huawei Push Kit v3, for HarmonyOS 5 and later (HarmonyOS NEXT): what it is called, where it is, what it can do.

Older devices (Android, EMUI, HarmonyOS up to 4) are the vendor ``hms``, whose API has the same host and the same
codes; what both share lies in :mod:`pushctl.vendors._huawei`.
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
from pushctl.vendors.harmony import account as accounts
from pushctl.vendors.harmony import auth, judge, request
from pushctl.vendors.harmony import message as messages
from pushctl.vendors.harmony.hosts import HOSTS

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue
    from pushctl.core.finding import Finding
    from pushctl.core.message import Message, Target
    from pushctl.core.verdict import Judgement, Verdict
    from pushctl.core.wire import Reply, Request

CARD = Card(
    id="harmony",
    name="Huawei Push Kit v3 (HarmonyOS 5, NEXT)",
    aliases=("harmonyos", "next"),
    wire="rest",
    environments=("production",),
    hosts=HOSTS,
    targets=("token",),
    credentials=accounts.CREDENTIALS,
    app=accounts.APP,
    id_name="requestId",
    silent="push-type 6 and payload.extraData, which holds the data as one string of JSON",
    silent_limits="A background message wakes no app: Huawei hands it over while the app runs, and else keeps it on "
    "the device until the app is started (receipt 27). Instant-messaging mode, which needs a right, delivers two an "
    "hour.",
    validate_only="Huawei delivers it, as a test message (testMessage): v3 has no check without delivery.",
    not_targets={
        "topic": "Push Kit v3 has no topics; send to device tokens.",
        "condition": "Push Kit v3 has no topics and no conditions; send to device tokens.",
        "user": "Huawei's server API knows no users; send to each of their device tokens.",
        "alias": "Huawei's server API knows no aliases; send to the device token.",
        "channel": "Huawei has no broadcast channels; send to device tokens.",
        "tag": "Huawei has no tags; send to device tokens.",
        "all": "Huawei has no push to everybody; send to device tokens, 1000 in a request.",
    },
    options=messages.OPTIONS,
    where_next={
        "production": "AppGallery Connect > Grow > Push Kit > self-service analysis: look the requestId up with the "
        "token; there is no API for it. Receipts, switched on there, report every device.",
    },
    sample='{"payload":{"notification":{"title":"Hi"}}}',
    limits=(
        ("payload", "4096 bytes of JSON without the tokens"),
        ("tokens", "1 to 1000 in a request; 1 for a widget (push-type 1), 10 for a test message"),
        ("time to live", "1 second to 15 days; 1 day where nothing is said"),
        ("stored per device", "the newest 120 messages of an app"),
        ("marketing", "2 a day for a device and app, 5 for news apps with a licence; more is dropped (receipt 256)"),
        ("all messages", "controlled by device and app without a published number (receipt 102)"),
        ("test messages", "1000 a day for a project, with testMessage"),
        ("widgets", "2 a day for a widget and device, 5 while the app is not on the store"),
        ("live views", "10 updates in 5 minutes and 60 an hour for each; 30 and 180 for TAXI and SCORE"),
        ("background messages", "daily control by device; 2 an hour in instant-messaging mode"),
        ("send rate", "by monthly active users and category, at least 6000 devices a second; more is answered 503"),
    ),
    max_targets=request.MOST_TOKENS,
    answers=("code", "msg", "requestId"),
)


class Harmony:
    """The :class:`~pushctl.core.vendor.Vendor` of Huawei Push Kit v3; every method says what its module says."""

    @property
    def card(self) -> Card:
        return CARD

    @property
    def catalogue(self) -> Catalogue:
        return judge.CATALOGUE

    @property
    def asks(self) -> Mapping[str, Ask]:
        from pushctl.vendors.harmony.asks import ASKS

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
        from pushctl.vendors.harmony.lint import lint

        return lint(message, target)

    def lint_target(self, account: Account | None, target: Target) -> Iterator[Finding]:  # noqa: ARG002
        from pushctl.vendors.harmony.lint_token import lint_target

        return lint_target(target)

    def review(self, tally: Mapping[Judgement, int]) -> Iterator[Finding]:
        return judge.review(tally)


VENDOR: Vendor = Harmony()
