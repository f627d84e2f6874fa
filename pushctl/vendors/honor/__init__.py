"""Honor Push: what it is called, where it is, what it can do.

For phones with MagicOS, and Magic UI from 4.0 on (4.2 outside China); older ones have a token of Huawei's layer and are
reached by the vendor ``hms``. Honor's own pages could not be read: what is known comes from its developer blog, its
demo and clients (:mod:`pushctl.vendors.honor.request` and ``errors.json`` name them), and doubt is marked as such.
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
from pushctl.vendors.honor import account as accounts
from pushctl.vendors.honor import auth, judge, request
from pushctl.vendors.honor.hosts import HOSTS

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue
    from pushctl.core.finding import Finding
    from pushctl.core.message import Message, Target
    from pushctl.core.verdict import Judgement, Verdict
    from pushctl.core.wire import Reply, Request

CARD = Card(
    id="honor",
    name="Honor Push",
    wire="rest",
    environments=("production",),
    hosts=HOSTS,
    targets=("token",),
    credentials=accounts.CREDENTIALS,
    app=accounts.APP,
    id_name="requestId",
    silent="a data message: data (a string) and no notification object anywhere",
    silent_limits="A data message goes to the app's HonorMessageService; without a running process it is kept until "
    "the app is started (receipt 50000003), and nothing that could be read says that it starts a stopped app.",
    not_targets={
        "topic": "Honor's server API has no topics; send to each of the device tokens, 1000 in a request.",
        "condition": "Honor's server API has no topics and so no conditions; send to each of the device tokens.",
        "user": "Honor's server API knows no users; send to each of their device tokens.",
        "alias": "Honor's server API knows no aliases; send to the device token.",
        "channel": "Honor has no broadcast channels, and no notification channels of an app's own either.",
        "tag": "Honor's server API has no tags; send to each of the device tokens.",
        "all": "Honor's server API has no push to everybody; send to each of the device tokens.",
    },
    options=request.OPTIONS,
    where_next={
        "production": "Honor's developer console > Push service: look the requestId up there; there is no API for it. "
        "Receipts, switched on there, report every device.",
    },
    sample='{"android":{"notification":{"title":"Hi"}}}',
    limits=(
        ("payload", "4096 bytes of JSON without the tokens, as Huawei's (low confidence)"),
        ("tokens", "1 to 1000 in a request"),
        ("time to live", "up to 15 days; 1 day where nothing is said"),
        ("title and body", "cut at 40 and 256 characters by one server; Honor's own limit is not known"),
        ("marketing", "2 a day for a device and app, 5 for news apps; more is accepted and dropped"),
        ("classification", "without the self-classification right every notification is marketing"),
        ("test messages", "1000 a day for an app, with android.targetUserType 1"),
        ("send rate", "3000 a second for an app; no more is offered"),
        ("at night", "from 0:00 to 6:00 notifications are held back (low confidence)"),
        ("older hosts", "app.domain = hihonor.com takes the hosts of before 2024"),
    ),
    set_into="the whole body",
    max_targets=request.MOST_TOKENS,
    answers=("code", "message", "data", "data.sendResult", "data.requestId", "data.failTokens", "data.expireTokens"),
)
_ASKS: Mapping[str, Ask] = {}


class Honor:
    """The :class:`~pushctl.core.vendor.Vendor` of Honor Push; every method says what its module says."""

    @property
    def card(self) -> Card:
        return CARD

    @property
    def catalogue(self) -> Catalogue:
        return judge.CATALOGUE

    @property
    def asks(self) -> Mapping[str, Ask]:
        """Nothing: no dry run, no token query and no trace is known."""
        return _ASKS

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
        """Nothing: Honor keeps no message for later."""
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
        from pushctl.vendors.honor.lint import lint

        return lint(account, message, target, env)

    def lint_target(self, account: Account | None, target: Target) -> Iterator[Finding]:  # noqa: ARG002
        from pushctl.vendors.honor.lint_token import lint_target

        return lint_target(target)

    def review(self, tally: Mapping[Judgement, int]) -> Iterator[Finding]:
        return judge.review(tally)


VENDOR: Vendor = Honor()
