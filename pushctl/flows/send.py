"""Send pushes: renew what must be renewed, repeat what may be repeated, lose nothing of what was sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from pushctl.core.finding import Finding
from pushctl.core.message import Message, Target
from pushctl.core.report import Report, Result
from pushctl.core.secret import Secret
from pushctl.core.vendor import Grant, Job, Prepared, Refused
from pushctl.core.verdict import Judgement, Renew, Verdict
from pushctl.core.wire import Goaway, Lost, Reply, Request
from pushctl.flows.session import unsent

if TYPE_CHECKING:
    from pushctl.flows.session import Session

Push = tuple[Message, Target]
T = TypeVar("T")


@dataclass(eq=False, slots=True)
class _Attempt:
    """One job on its way, the grant that it went out with, and, for a repeat, what the first try came to."""

    job: Job
    grant: Grant | None = None
    generation: int = 0
    before: tuple[Request, Reply, list[Verdict]] | None = None


@dataclass(slots=True)
class Run:
    """One run of pushes. Iterate over it to send; ``report`` holds whatever is known at any moment.

    Results come in the order of the answers. After ``KeyboardInterrupt`` call :meth:`interrupt`: what was written and
    not answered is then reported as unknown.
    """

    session: Session
    pushes: Iterable[Push]
    report: Report = field(default_factory=Report)
    _generations: Counter[str] = field(default_factory=Counter)  # how often each grant was renewed
    _unproven: set[str] = field(default_factory=set)  # those that were renewed, and not yet taken
    _again: list[_Attempt] = field(default_factory=list)
    _failed: list[tuple[_Attempt, Judgement]] = field(default_factory=list)
    _prepared: dict[Hashable, Prepared | Refused] = field(default_factory=dict)
    _misses: int = 0

    def __iter__(self) -> Iterator[Result]:
        jobs = (_Attempt(job) for job in self.session.vendor.plan(self.pushes))
        more: Iterable[_Attempt] = jobs
        while True:
            for attempt, request, reply in self.session.transport().exchange(self._requests(more)):
                yield from self._settle(attempt, request, reply)
            yield from self._refusals()
            if not self._again:
                break
            more, self._again = self._again, []
        tally = Counter(result.verdict.says for result in self.report.results)
        self.report.findings += [*self.session.findings, *self.session.vendor.review(tally), *self._silent_limits()]

    def interrupt(self) -> list[Result]:
        """Report what was on its way when the user pressed Ctrl-C. Returns the results that this adds."""
        self.report.interrupted = True
        known = len(self.report.results)
        lost = Lost("maybe", "interrupted before the answer came", "INTERRUPTED")
        for attempt, request in self.session.transport().in_flight:
            if attempt is None:  # a request for a token: no push
                continue
            verdicts = self.session.vendor.judge(attempt.job.call, lost, attempt.job.targets)
            self._record(attempt.job, request, lost, verdicts)
        for attempt in self._again:  # answered, and about to be repeated
            if attempt.before is not None:
                self._record(attempt.job, *attempt.before)
        return self.report.results[known:]

    def _silent_limits(self) -> Iterator[Finding]:
        limits = self.session.vendor.card.silent_limits
        accepted = any(r.kind == "silent" and r.verdict.says.outcome == "accepted" for r in self.report.results)
        if accepted and limits:
            yield Finding("silent-limits", "info", limits, "'pushctl help silent-push' says what the app needs.")

    def _requests(self, attempts: Iterable[_Attempt]) -> Iterator[tuple[_Attempt, Request]]:
        vendor, session = self.session.vendor, self.session
        for attempt in attempts:
            if self._misses >= _PATIENCE:
                self._failed.append((attempt, _not_tried(self.report.results[-1].verdict.says)))
                continue
            grant, prepared = self._ready(attempt.job)
            if isinstance(prepared, Refused):
                self._failed.append((attempt, prepared.says))
                continue
            attempt.grant = _granted(grant)
            attempt.generation = self._generations[self._whose(attempt.job.call)] if self._generations else 0
            yield attempt, vendor.request(session.account, attempt.job, attempt.grant, prepared.value, session.env())

    def _ready(self, job: Job) -> tuple[Grant | Refused | None, Prepared | Refused]:
        """The grant and the preparation of a job. A preparation is the first to learn that a cached grant is not taken
        any more: it is renewed once, as for a push."""
        grant = self.session.grant(job.call)
        if isinstance(grant, Refused):
            return grant, grant
        prepared = self._prepare(job, grant)
        if not isinstance(prepared, Refused) or prepared.says.renew == "no" or self._whose(job.call) in self._unproven:
            return grant, prepared
        if not self.session.renewable(job.call):
            return grant, prepared
        self._renew(job.call, prepared.says.renew, grant)
        grant = self.session.grant(job.call)
        return grant, grant if isinstance(grant, Refused) else self._prepare(job, grant)

    def _renew(self, call: str, what: Renew, refused: Grant | None) -> None:
        self._generations[self._whose(call)] += 1
        self._unproven.add(self._whose(call))  # a new grant that is refused as well is not replaced by yet another
        self._prepared.clear()
        if what == "grant+connection":
            self.session.transport().renew()
        self.session.grant(call, refused=refused)

    def _whose(self, call: str) -> str:
        """The name of the grant that a call needs: a run can need several (OPPO's regions), each renewed by itself."""
        spec = self.session.vendor.grant(self.session.account, call)
        return spec.key if spec else ""

    def _prepare(self, job: Job, grant: Grant | Refused | None) -> Prepared | Refused:
        if job.preparation is None:
            return Prepared()
        if job.preparation not in self._prepared:
            steps = self.session.vendor.prepare(self.session.account, job, _granted(grant), self.session.env())
            done = self._prepared[job.preparation] = unsent(self.session.drive(steps))
            if isinstance(done, Prepared):
                self.report.findings += done.findings
        return self._prepared[job.preparation]

    def _settle(self, attempt: _Attempt, request: Request, reply: Reply) -> Iterator[Result]:
        verdicts = self.session.vendor.judge(attempt.job.call, reply, attempt.job.targets)
        if any(verdict.says.outcome != "accepted" for verdict in verdicts):
            self.session.look_at_clock(reply)
        renew: Renew = next((v.says.renew for v in verdicts if v.says.renew != "no"), "no")
        self._misses = self._misses + 1 if _is_closed_door(reply, verdicts) else 0
        whose = self._whose(attempt.job.call) if renew != "no" or self._unproven else ""
        current = attempt.generation == self._generations[whose]
        final = attempt.before is not None or not self.session.renewable(attempt.job.call)
        if renew == "no" or final or (current and whose in self._unproven):
            if current and renew == "no":
                self._unproven.discard(whose)
            yield from self._record(attempt.job, request, reply, verdicts)
            return
        # Noted down first: Ctrl-C may end what follows, and this answer is not to be lost.
        self._again.append(_Attempt(attempt.job, before=(request, reply, verdicts)))
        if current:  # the first answer that says so renews for all the others
            self._renew(attempt.job.call, renew, attempt.grant)

    def _refusals(self) -> Iterator[Result]:
        """Jobs that never went out, because the grant or the preparation was refused."""
        failed, self._failed = self._failed, []
        for attempt, says in failed:
            lost = Lost("no", says.detail or says.code, says.code)
            yield from self._record(attempt.job, None, lost, [Verdict(target, says) for target in attempt.job.targets])

    def _record(self, job: Job, request: Request | None, reply: Reply, verdicts: list[Verdict]) -> list[Result]:
        session, card = self.session, self.session.vendor.card
        validated = card.validate_only if job.message.validate_only else ""
        next_place = card.where_next.get(session.account.environment, "") if not session.emulated else _SANDBOX_NEXT
        added = []
        for verdict in verdicts:
            if verdict.message_id is None and request is not None:
                verdict = replace(verdict, message_id=request.message_id)  # noqa: PLW2901
            added.append(
                Result(
                    vendor=card.id,
                    verdict=verdict,
                    kind=job.message.kind,
                    reply=reply,
                    request=request,
                    profile=session.profile.name,
                    environment=session.environment,
                    emulated=session.emulated,
                    where_next=next_place if verdict.says.outcome == "accepted" and not validated else "",
                    validated=validated,
                    id_name=card.id_name,
                )
            )
        self.report.results += added
        return added


_PATIENCE = 3
"""After how many closed doors in a row the rest of a run is not tried: opening and closing connections in quick
succession can be taken for an attack (usernotifications/establishing-a-token-based-connection-to-apns)."""


def _is_closed_door(reply: Reply, verdicts: list[Verdict]) -> bool:
    """Whether the next request would fare the same: nobody answers there, or they do not want this credential."""
    if isinstance(reply, Lost):
        return reply.sent == "no" and reply.code in ("DNS", "CONNECT", "TLS", "CLIENT_CERTIFICATE", "PROXY")
    return isinstance(reply, Goaway) and any(v.says.category in ("credential", "permission") for v in verdicts)


def _not_tried(says: Judgement) -> Judgement:
    return replace(
        says,
        outcome="unknown",
        sent="no",
        renew="no",
        detail=f"not tried, as {_PATIENCE} before it came to {says.code}",
    )


def _granted(grant: Grant | Refused | None) -> Grant | None:
    return grant if isinstance(grant, Grant) else None


def dry_run(session: Session, pushes: Iterable[Push], *, token_requests: bool = True) -> list[Request]:
    """The exact requests that a run would send, in order; sends nothing and caches nothing.

    :param token_requests: whether the request for a provider token is among them.

    A token request that would come first is listed first. What only an answer could tell (an OAuth token, the id of
    a saved body) stands as ``$NAME``; a provider token that is signed here is really signed, so that a bad key shows.
    """
    vendor, account = session.vendor, session.account
    requests: list[Request] = []
    grants: dict[str, Grant] = {}
    prepared_for: set[Hashable] = set()
    for job in vendor.plan(pushes):
        spec, grant = vendor.grant(account, job.call), None
        if spec is not None:
            if spec.key not in grants:
                ask, minted = _first_step(vendor.mint(account, spec, session.env()))
                requests += ask if token_requests else []
                grants[spec.key] = minted if isinstance(minted, Grant) else _PLACEHOLDER
            grant = grants[spec.key]
        prepared = None
        if job.preparation is not None:
            prepared = PREPARED
            if job.preparation not in prepared_for:
                prepared_for.add(job.preparation)
                requests += _first_step(vendor.prepare(account, job, grant, session.env()))[0]
        requests.append(vendor.request(account, job, grant, prepared, session.env()))
    return requests


PREPARED = "$PREPARED"
"""What stands in a dry run for the id that only the answer to a preparation could tell."""
_SANDBOX_NEXT = "no device: 'pushctl sandbox serve' keeps a log of what arrives, and -p sends to the real service."
_PLACEHOLDER = Grant(Secret("$PUSHCTL_TOKEN", "$PUSHCTL_TOKEN"), 0, 0)


def _first_step(steps: Generator[Request, Reply, T]) -> tuple[list[Request], T | None]:
    """The first request of a generator, or, when it makes none, its result."""
    try:
        return [next(steps)], None
    except StopIteration as end:
        return [], end.value
    finally:
        steps.close()
