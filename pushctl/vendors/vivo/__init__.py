"""vivo Push (VPush): what it is called, where it is, what it can do.

For vivo and iQOO phones that were sold in mainland China. Sources: dev.vivo.com.cn documents 362 (server API), 359
(classes of messages) and 156 (questions), the Java SDK vpush-server-sdk 3.3, and clients that quote vivo's texts; every
module names its own.
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
from pushctl.vendors.vivo import account as accounts
from pushctl.vendors.vivo import auth, judge, request
from pushctl.vendors.vivo.hosts import HOSTS

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue
    from pushctl.core.finding import Finding
    from pushctl.core.message import Message, Target
    from pushctl.core.verdict import Judgement, Verdict
    from pushctl.core.wire import Reply, Request

CARD = Card(
    id="vivo",
    name="vivo Push",
    aliases=("iqoo",),
    wire="rest",
    environments=("production",),
    hosts=HOSTS,
    targets=("token", "alias"),
    credentials=accounts.CREDENTIALS,
    app=accounts.APP,
    id_name="taskId",
    no_silent="vivo Push has no silent push and no data message, and no source shows that it ever had: it delivers "
    "notifications only (dev.vivo.com.cn document 156).",
    instead_of_silent="Send a visible notification, [vivo] notify_type = 1 for one without sound and vibration; "
    "--data reaches the app only when it is tapped.",
    validate_only="vivo took it as a test message (pushMode 1): a registered test device shows it, free of quota.",
    not_targets={
        "topic": "vivo has no topics; it has tags, which are not pushed to from here: send to regIds, 1000 in a list.",
        "condition": "vivo has no topics and so no conditions; send to regIds, 1000 in a list.",
        "user": "vivo's server API knows no users; send to an alias (one a device) or to their regIds.",
        "channel": "vivo has neither broadcast channels nor notification channels of an app's own; the category "
        "(--category) decides.",
        "tag": "vivo's push by tags (/message/tagPush) is not made from here; send to regIds, 1000 in a list.",
        "all": "vivo's push to everybody (/message/all, once a day) is not made from here, so that no slip "
        "makes it; use the vivo push console.",
    },
    options=request.OPTIONS,
    where_next={
        "production": "'pushctl trace TASKID' shows the task's counters; receipts, switched on in the vivo push "
        "console, report every device.",
    },
    sample='{"title":"Hi","content":"There","notifyType":4,"skipType":1}',
    limits=(
        ("title and content", "40 and 100 characters; up to 2023 a Chinese one counted two"),
        ("regIds, aliases", "one by itself, 2 to 1000 in a list; 1000 saved messages a day"),
        ("time to live", "60 seconds to a day; without one a day, operational messages 8 hours"),
        ("custom data", "1024 characters of keys and values, strings only"),
        ("operational messages", "2 a day for a device, 5 of news apps; 2 (news 3) times the reachable users a day"),
        ("their hours", "07:00 to 23:00 China time; the same text twice is shown once"),
        ("system messages", "no limit for a device; 3 times the reachable users a day (20 times by one text)"),
        ("formal texts", "no digits, letters or signs alone, no 测试, no braces or brackets"),
        ("test messages", "pushMode 1, to 20 test devices of the app; free of quota"),
        ("access tokens", "10 requests a second; one lives 24 hours"),
        ("send rate", "3000 to 5000 a second, by the number of users"),
    ),
    set_into="the whole body",
    max_targets=request.MOST_TARGETS,
    calls=("save", "list"),
    answers=("result", "desc", "taskId", "requestId", "invalidUser", "invalidUsers", "authToken"),
)


class Vivo:
    """The :class:`~pushctl.core.vendor.Vendor` of vivo Push; every method says what its module says."""

    @property
    def card(self) -> Card:
        return CARD

    @property
    def catalogue(self) -> Catalogue:
        return judge.CATALOGUE

    @property
    def asks(self) -> Mapping[str, Ask]:
        from pushctl.vendors.vivo.asks import ASKS

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

    def prepare(self, account: Account, job: Job, grant: Grant | None, env: Env) -> PrepareSteps:
        from pushctl.vendors.vivo import lists

        return lists.prepare(account, job, grant, env)

    def request(self, account: Account, job: Job, grant: Grant | None, prepared: str | None, env: Env) -> Request:
        return request.request(account, job, grant, prepared, env)

    def judge(self, call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
        return judge.judge(call, reply, targets)

    def lint(self, account: Account | None, message: Message, target: Target | None, env: Env) -> Iterator[Finding]:
        from pushctl.vendors.vivo.lint import lint

        return lint(account, message, target, env)

    def lint_target(self, account: Account | None, target: Target) -> Iterator[Finding]:  # noqa: ARG002
        from pushctl.vendors.vivo.lint_token import lint_target

        return lint_target(target)

    def review(self, tally: Mapping[Judgement, int]) -> Iterator[Finding]:
        return judge.review(tally)


VENDOR: Vendor = Vivo()
