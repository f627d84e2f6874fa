"""What a vendor is: a pure machine that turns an intent into requests and answers into verdicts.

No sockets, no clock, no printing. Where a vendor needs several requests it is written as a generator: it yields a
:class:`~pushctl.core.wire.Request`, is sent the :class:`~pushctl.core.wire.Reply` and returns its result. Who owns the
wire drives it, with a socket, or in a test with a list.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pushctl.core.verdict import ExitCode, exit_code_of
from pushctl.core.wire import Reply, Request

if TYPE_CHECKING:
    from pushctl.core.catalogue import Catalogue
    from pushctl.core.finding import Finding
    from pushctl.core.message import Message, Target
    from pushctl.core.secret import Secret
    from pushctl.core.verdict import Judgement, Verdict


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a profile.

    :ivar name: its key under ``[credentials]`` or ``[app]``.
    :ivar secret: whether its value is a secret reference (``file:``, ``env:``, ``base64-env:``, ``keyring:``, ``-``).
    :ivar about: one line for the wizard, ``profile show`` and ``pushctl help profiles``.
    """

    name: str
    about: str
    secret: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """What ``pushctl vendors`` tells of a vendor, and what the shared code must know of it.

    :ivar id: ``apns``.
    :ivar aliases: other names that people type.
    :ivar wire: ``stream`` for the HTTP/2 client that keeps GOAWAY reasons, ``rest`` for the ordinary one over HTTP/1.1,
        ``either`` for HTTP/2 with HTTP/1.1 where that does not get through.
    :ivar environments: the vendor's environments; the first is what ``--sandbox`` takes when nothing is said.
    :ivar hosts: role to base URL, by environment: ``{"sandbox": {"push": "https://api.sandbox.push.apple.com"}}``.
    :ivar targets: the target kinds it has; the first is what ``--token`` means.
    :ivar not_targets: target kinds that people expect and it has not, with what to do instead.
    :ivar silent: how a silent push is made, or "" where there is none.
    :ivar silent_limits: what limits an accepted silent push on its way, one sentence, or "".
    :ivar no_silent: that there is none, and since when, one sentence; "" where there is one.
    :ivar instead_of_silent: what to do in its place, one sentence.
    :ivar validate_only: what ``--validate-only`` does here, one sentence that an accepted one is shown with ("FCM
        checked it and delivers nothing."), or "" where the vendor has no such check.
    :ivar options: the keys of ``Message.options[id]``, name to one line about it.
    :ivar where_next: where to look after an accepted push, by environment; one sentence each.
    :ivar id_name: what the vendor calls the id of a push that stands in the body of its answer (``requestId``).
    :ivar ports: the ports that it listens on beside 443; () where a profile's ``network.port`` would mean nothing.
    :ivar silent_per_hour: how many silent pushes an hour to one device the vendor advises; 0 for no number.
    :ivar set_into: where ``--set PATH=VALUE`` begins, in words: "the message object", "the whole body".
    :ivar max_targets: the most targets that one request can carry.
    :ivar calls: interfaces that pushes go to beside those of a single push to each kind of target (OPPO's
        ``batch.intl``), so that a person can name them.
    :ivar payload: what ``--payload`` takes: a JSON object, or ``form``: a form's text, or its fields as a JSON object.
    :ivar answers: the names that the outermost object of its answers has, and those of an object right inside it
        (``data.messageId``): by them a logged answer is told from another vendor's, which its numbers do not.
    :ivar sample: what a body begins with, for a person who gave something else.
    """

    id: str
    name: str
    wire: Literal["stream", "rest", "either"]
    environments: tuple[str, ...]
    hosts: Mapping[str, Mapping[str, str]]
    targets: tuple[str, ...]
    credentials: tuple[Field, ...]
    app: tuple[Field, ...]
    aliases: tuple[str, ...] = ()
    environment_aliases: Mapping[str, str] = field(default_factory=dict)
    not_targets: Mapping[str, str] = field(default_factory=dict)
    silent: str = ""
    silent_limits: str = ""
    no_silent: str = ""
    instead_of_silent: str = ""
    validate_only: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    where_next: Mapping[str, str] = field(default_factory=dict)
    limits: tuple[tuple[str, str], ...] = ()
    id_name: str = "message id"
    ports: tuple[int, ...] = ()
    silent_per_hour: int = 0
    set_into: str = "the whole body"
    max_targets: int = 1
    calls: tuple[str, ...] = ()
    payload: Literal["json", "form"] = "json"
    answers: tuple[str, ...] = ()
    sample: str = '{"key":"value"}'


@dataclass(frozen=True, slots=True)
class TlsIdentity:
    """A client certificate with its key, PEM both; ``certificate`` may hold the chain."""

    certificate: bytes
    key: Secret


@dataclass(frozen=True, slots=True)
class Account:
    """A validated profile: who pushes, for which app, to which hosts.

    :ivar credential: the vendor's own credential object.
    :ivar hosts: role to base URL (``{"push": "https://api.push.apple.com"}``), port included where it is not 443.
    :ivar identity: the client certificate, where the vendor authenticates in TLS.
    """

    environment: str
    credential: Any
    app: Mapping[str, str]
    hosts: Mapping[str, str]
    identity: TlsIdentity | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A provider token, whatever the vendor calls it (APNs JWT, OAuth token, authToken).

    :ivar minted: Unix seconds.
    :ivar expires: Unix seconds after which the vendor refuses it.
    """

    value: Secret
    minted: float
    expires: float


@dataclass(frozen=True, slots=True)
class GrantSpec:
    """Which grant is needed, and how long one may be reused.

    :ivar key: vendor, audience, environment, public ids, scope; the name under which it is cached. Never made from a
        secret.
    :ivar reuse_s: seconds after ``minted`` during which it is reused.
    :ivar kept: ``disk``; ``run`` where no public id tells whose it is, so that another process must not find it;
        ``given`` for a token that the profile itself holds: there is no other one.
    """

    key: str
    reuse_s: float
    kept: Literal["disk", "run", "given"] = "disk"


@dataclass(frozen=True, slots=True)
class Env:
    """The world's share in a request: the time (Unix seconds) and random bytes."""

    now: float
    nonce: Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Job:
    """One request that decides the fates of these targets.

    :ivar call: the vendor's interface (``send``, ``list`` …).
    :ivar preparation: what must be prepared before it goes out: jobs of one run with an equal key share one
        preparation (the saved body of vivo's lists), None needs none.
    """

    call: str
    message: Message
    targets: tuple[Target, ...]
    preparation: Hashable = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a preparation came to.

    :ivar value: the vendor's id of it, handed to ``request``.
    :ivar findings: what the user should know before the answers come (a receiver is online: no push will be made).
    """

    value: str | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What an :data:`Ask` is asked.

    :ivar values: by name; a question's docstring names those that it takes.
    :ivar targets: whom it is about (the tokens of ``topic.subscribe``); at most ``Card.max_targets`` of them.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What an :data:`Ask` found out: the judgement of the last reply, facts in the order they are shown, findings.

    :ivar facts: name and value, in the vendor's words (``apns-channel-id``).
    :ivar verdicts: one per target, where the question was about several; empty where ``says`` is all there is.
    """

    says: Judgement
    facts: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """The verdicts' common code, ``MIXED`` when they differ, or that of ``says`` where there are none."""
        return exit_code_of(one.says.exit_code for one in self.verdicts) if self.verdicts else self.says.exit_code


@dataclass(frozen=True, slots=True)
class Refused:
    """A step's end when the vendor said no: ``mint`` and ``prepare`` return it in place of their result."""

    says: Judgement


MintSteps = Generator[Request, Reply, Grant | Refused]
PrepareSteps = Generator[Request, Reply, Prepared | Refused]
AskSteps = Generator[Request, Reply, Answer]
Ask = Callable[[Account, Question, Grant | None, Env], AskSteps]
"""A question to the vendor. Raises ``UsageError`` for a bad value."""


class Vendor(Protocol):
    """One folder under ``pushctl/vendors``. Every method is pure: the same arguments give the same result."""

    @property
    def card(self) -> Card: ...

    @property
    def catalogue(self) -> Catalogue: ...

    @property
    def asks(self) -> Mapping[str, Ask]:
        """trace, quota, token, topic, channel.create …; absent where the vendor has no such API."""
        ...

    def account(self, fields: Mapping[str, Any]) -> Account:
        """Validate a profile: ``{"environment", "credentials", "app", "network"}``, secrets already resolved to
        :class:`Secret`. Raises ``ProfileError``."""
        ...

    def inspect(self, account: Account, now: float) -> tuple[tuple[tuple[str, str], ...], tuple[Finding, ...]]:
        """What is inside the credential, offline: public facts (topics, environments, days left) and findings."""
        ...

    def grant(self, account: Account, call: str) -> GrantSpec | None:
        """The grant that ``call`` needs; None where the vendor has none (signatures per request, certificates)."""
        ...

    def mint(self, account: Account, spec: GrantSpec, env: Env) -> MintSteps:
        """Make a grant: a JWT returns without a yield, OAuth yields its token request."""
        ...

    def named(self, message: Message) -> tuple[Target, ...]:
        """The targets that a raw body names itself; () for one that names none, and for a message that is built."""
        ...

    def plan(self, pushes: Iterable[tuple[Message, Target]]) -> Iterator[Job]:
        """Group pushes into requests. Lazy: the first job comes before the last push is read."""
        ...

    def prepare(self, account: Account, job: Job, grant: Grant | None, env: Env) -> PrepareSteps:
        """What must happen before the jobs of one ``preparation`` key: vivo's and OPPO's saved body, a query. Called
        with the first of them; never for a job without a key."""
        ...

    def request(self, account: Account, job: Job, grant: Grant | None, prepared: str | None, env: Env) -> Request:
        """The exact request of one job. Raises ``UsageError`` for a message that cannot be written down at all."""
        ...

    def judge(self, call: str, reply: Reply, targets: tuple[Target, ...] | None) -> list[Verdict]:
        """One verdict per target, in order; with ``targets`` None one per target that the body tells apart."""
        ...

    def lint(self, account: Account | None, message: Message, target: Target | None, env: Env) -> Iterator[Finding]:
        """Check a message before it is sent, offline. Of the target only its kind matters, so that one check serves
        all targets of a message."""
        ...

    def lint_target(self, account: Account | None, target: Target) -> Iterator[Finding]:
        """Check whether a target looks like one: a token's shape."""
        ...

    def review(self, tally: Mapping[Judgement, int]) -> Iterator[Finding]:
        """Look at a whole run: what no single answer tells (no success at all: suspect the credential)."""
        ...
