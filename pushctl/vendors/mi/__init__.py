"""Xiaomi Mi Push: what it is called, where it is, what it can do.

For phones of Xiaomi, Redmi and POCO in mainland China; outside it ended on 2024-04-02. Xiaomi's pages (dev.mi.com)
could be read in part; the rest is from its Java SDK and from published clients (:mod:`pushctl.vendors.mi.request`,
``errors.json`` and ``rules.json`` name them), and doubt is marked as such.
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
from pushctl.vendors.mi import account as accounts
from pushctl.vendors.mi import auth, judge, request
from pushctl.vendors.mi.hosts import HOSTS
from pushctl.vendors.mi.options import OPTIONS

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue
    from pushctl.core.finding import Finding
    from pushctl.core.message import Message, Target
    from pushctl.core.verdict import Judgement, Verdict
    from pushctl.core.wire import Reply, Request

CARD = Card(
    id="mi",
    name="Xiaomi Mi Push",
    wire="rest",
    aliases=("xiaomi", "redmi"),
    environments=("production",),
    hosts=HOSTS,
    targets=("token", "alias", "user", "topic"),
    credentials=accounts.CREDENTIALS,
    app=accounts.APP,
    id_name="data.id",
    no_silent="Xiaomi Mi Push has no silent push: pass-through messages have not been delivered to ordinary apps since "
    "2022-09-12.",
    instead_of_silent="Send a notification; notify_foreground = 0 ([mi] of a message file, or "
    "--set extra.notify_foreground=0) keeps it from being shown while the app is in front, and the app gets its data.",
    not_targets={
        "condition": "Mi Push combines topics by multi_topic, to which pushctl does not send; send to one topic.",
        "fid": "That is Firebase's; Mi Push takes the regid of its own SDK (--token).",
        "channel": "Mi Push has no broadcast channels; a notification channel is named with --channel.",
        "tag": "Mi Push calls them topics (--topic).",
        "all": "Mi Push could push to everybody; pushctl does not. Use a topic.",
    },
    options=OPTIONS,
    where_next={
        "production": "'pushctl trace ID' in some seconds: resolved, delivered, bar_closed; or Xiaomi's console "
        "(admin.xmpush.xiaomi.com), or receipts (extra.callback).",
    },
    payload="form",
    sample="title=Order+shipped&description=SF123+is+on+its+way",
    limits=(
        ("title", "fewer than 50 characters, each counts 1"),
        ("body", "fewer than 128 characters, each counts 1"),
        ("payload", "fewer than 4096 characters (--data)"),
        ("own extras", "10, of 1024 characters together"),
        ("targets", "1 to 1000 regids, aliases or accounts in a request; a topic by itself"),
        ("time to live", "private messages 10 days, public ones 1 day, which is also the default"),
        ("private messages", "no cap; they need a template by the rules of 2026"),
        ("public messages", "5 a day for a device; 2 a day for each install with notifications on, 20,000 at least"),
        ("news licence", "8 a day for a device, 3 a day for each such install"),
        ("without a channel", "1 a day for a device and for each such install, or refused with 27001"),
        ("unread", "gone after 24 hours (public) or 48 (private), as integrators tell it"),
        ("send rate", "500 to 3000 requests a second, by installs with notifications on"),
        ("outside China", "ended on 2024-04-02; app.region still reaches the hosts"),
    ),
    set_into="the form, literally: extra.x is the field extra.x",
    max_targets=request.MOST_TARGETS,
    answers=(
        "result",
        "code",
        "description",
        "reason",
        "info",
        "trace_id",
        "data",
        "data.id",
        "data.bad_regids",
        "data.bad_regIds",
        "data.day_quota",
        "data.list",
        "data.data",
    ),
)


class Mi:
    """The :class:`~pushctl.core.vendor.Vendor` of Mi Push; every method says what its module says."""

    @property
    def card(self) -> Card:
        return CARD

    @property
    def catalogue(self) -> Catalogue:
        return judge.CATALOGUE

    @property
    def asks(self) -> Mapping[str, Ask]:
        from pushctl.vendors.mi.asks import ASKS

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
        """Nothing: Mi Push keeps no message for later."""
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
        from pushctl.vendors.mi.lint import lint

        return lint(account, message, target, env)

    def lint_target(self, account: Account | None, target: Target) -> Iterator[Finding]:  # noqa: ARG002
        from pushctl.vendors.mi.lint_token import lint_target

        return lint_target(target)

    def review(self, tally: Mapping[Judgement, int]) -> Iterator[Finding]:
        return judge.review(tally)


VENDOR: Vendor = Mi()
