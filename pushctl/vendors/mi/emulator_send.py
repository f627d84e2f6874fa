"""One message to regids, aliases, accounts, topics or all devices: ``POST /v2|v3|v4/message/…``.

Order of the checks: rate, body, package, targets, the message, its class, the day's amount, who is a valid target (a
convention; nothing of Xiaomi's tells it).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated_calls import Refusal, counted
from pushctl.core.emulated_phones import deciding
from pushctl.vendors.mi import emulator_classes as classes
from pushctl.vendors.mi import emulator_handsets as handsets
from pushctl.vendors.mi import emulator_ids as ids
from pushctl.vendors.mi import emulator_message as message
from pushctl.vendors.mi import emulator_scenarios as scenarios
from pushctl.vendors.mi.emulator_access import packages, too_fast
from pushctl.vendors.mi.emulator_answers import BAD_REGIDS, NO_TARGETS, accepted, refused
from pushctl.vendors.mi.emulator_checks import blank, number, wrong
from pushctl.vendors.mi.emulator_form import Fields, fields_of

if TYPE_CHECKING:
    from pushctl.core.emulated import Act, Scenario
    from pushctl.core.emulated_calls import Call
    from pushctl.vendors.mi.emulator_classes import Klass
    from pushctl.vendors.mi.emulator_credentials import App

MOST_TARGETS = 1000
TOPICS, TOPIC_SEPARATOR, TOPIC_OPS = (2, 5), ";$;", ("UNION", "INTERSECTION", "EXCEPT")
TOO_MANY_TOPICS = "65035"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is addressed.

    :ivar field: where the targets stand; "" for all devices.
    :ivar letter: what its message ids begin with.
    :ivar word: what ``info`` calls it.
    :ivar empty: the code where there is none.
    """

    field: str
    letter: str
    word: str
    empty: str = ""

    @property
    def separator(self) -> str:
        """What stands between several of them."""
        return TOPIC_SEPARATOR if self.field == "topics" else ","


KINDS: Mapping[str, Kind] = {
    "regid": Kind("registration_id", "s", "REGID", "10016"),
    "alias": Kind("alias", "a", "ALIAS", "65012"),
    "user_account": Kind("user_account", "u", "USER_ACCOUNT", "65016"),
    "topic": Kind("topic", "t", "TOPIC", "65013"),
    "multi_topic": Kind("topics", "t", "TOPIC", "65013"),
    "all": Kind("", "t", ""),
}
"""By the last part of the path. That ids of a message to all begin as those of topics do is a guess."""


@dataclass(slots=True)
class Delivery:
    """What becomes of a push.

    :ivar bad: targets that no phone has.
    :ivar fates: of every phone that was found, as the ids have it.
    """

    bad: list[str] = field(default_factory=list)
    fates: list[str] = field(default_factory=list)

    @property
    def lost(self) -> list[str]:
        """The fates of those that got nothing."""
        return [fate for fate in self.fates if fate != ids.DELIVERED]


def send(call: Call, app: App, name: str) -> Act:
    """Answer a message to what the path ``name`` addresses."""
    kind, several = KINDS[name], not call.seen.path.startswith("/v2/")
    fields = fields_of(call)
    if isinstance(fields, Refusal):
        return refused(call, fields)
    targets = fields.many(kind.field, kind.separator) if kind.field else ["all"]
    refusal = too_fast(call, app) or packages(call, app, fields, several=several) or _targets(fields, kind, targets)
    refusal = refusal or message.check(call, fields)
    if refusal is not None:
        return refused(call, refusal)
    klass = classes.class_of(call, app, fields)
    if isinstance(klass, Refusal):
        return refused(call, klass)
    forced = scenarios.forced(call, "checked")
    exhausted = classes.exhausted(call, app, klass)
    if forced is None and exhausted is not None:
        return refused(call, exhausted)
    return forced or _deliver(call, app, kind, targets, fields, klass)


def _targets(fields: Fields, kind: Kind, targets: list[str]) -> Refusal | None:
    if not targets:
        return blank(kind.field, kind.empty)
    if len(targets) > MOST_TARGETS:
        return wrong(kind.field, f"has {len(targets)} targets and may have {MOST_TARGETS}")
    if kind.field != "topics":
        return None
    if len(targets) > TOPICS[1]:
        return Refusal(TOO_MANY_TOPICS, "topics", f"{len(targets)} topics, {TOPICS[1]} are allowed")
    if len(targets) < TOPICS[0]:
        return wrong("topics", f"must be at least {TOPICS[0]}, joined by {TOPIC_SEPARATOR}")
    return None if fields.one("topic_op") in TOPIC_OPS else wrong("topic_op", f"must be one of {', '.join(TOPIC_OPS)}")


def phone_of(field: str, target: str) -> str | None:
    """The regid behind a target; None where no phone has this alias or account. Topics and all: the live phone."""
    if field == "registration_id":
        return target
    return handsets.regid_of(target) if field in ("alias", "user_account") else handsets.token_of()


def acting(field: str, targets: Sequence[str]) -> Scenario | None:
    """The scenario of a target's phone that decides for the whole request."""
    phones = (phone_of(field, target) for target in targets)
    return deciding([phone for phone in phones if phone], handsets.PHONES.scenario_of)


def sort_out(call: Call, app: App, field: str, targets: Sequence[str], partial: bool) -> tuple[list[str], list[str]]:
    """The targets that are none, and the regids of the others."""
    run = scenarios.BOOK.of(call.world)
    always = str(run.act.get("reason", "")) == "dead" if run is not None else False
    bad, good = [], []
    for target in targets:
        phone = phone_of(field, target)
        dead = always or phone is None or handsets.reason_of(phone, app) == "dead"
        if dead or (partial and target == targets[-1]):
            bad.append(target)
        elif phone is not None:
            good.append(phone)
    if any(" " in target for target in bad):
        call.note("A regid with a blank in it: its + was not encoded as %2B.")
    return bad, good


def fate_of(call: Call, app: App, klass: Klass, fields: Fields, phone: str) -> str:
    """What becomes of a message that was taken for a phone."""
    if message.scheduled_ms(call, fields) is not None:
        return ids.SCHEDULED
    run = scenarios.BOOK.of(call.world)
    reason = str(run.act.get("reason", "")) if run is not None else ""
    told = handsets.FATES.get(reason or handsets.reason_of(phone, app), ids.DELIVERED)
    if message.is_silent(fields) or not fields.extra_of("notify_effect"):
        return ids.DROPPED
    jobkey = fields.extra_of("jobkey")
    if jobkey and counted(call.world, f"jobkey {app.app_id} {jobkey} {phone}") > 1:
        call.note("The client shows only the first message of a jobkey.")
    return ids.DROPPED if classes.over_limit(call, app, klass, phone) else told


def _deliver(call: Call, app: App, kind: Kind, targets: list[str], fields: Fields, klass: Klass) -> Act:
    """Decide every target's fate, and answer. A target whose scenario is about more than itself decides for all."""
    one = acting(kind.field, targets)
    performed = scenarios.enact(call, one) if one is not None else None
    if performed is not None:
        return scenes.flavoured(performed, one)
    partial = kind.field == "registration_id" and scenarios.is_partial(scenarios.BOOK.of(call.world), one)
    bad, good = sort_out(call, app, kind.field, targets, partial)
    if not good and not partial:
        return scenes.flavoured(
            refused(call, Refusal(NO_TARGETS, "targets", f"{len(bad)} of {len(bad)} targets are none.")), one
        )
    result = Delivery(bad, [fate_of(call, app, klass, fields, phone) for phone in good])
    delivered = len(result.fates) - len(result.lost)
    data = _data(call, app, kind.letter, klass, fields, result, delivered)
    listed = bool(bad) and kind.field == "registration_id"
    info = f"Received push messages for {max(len(good), 1)} {kind.word}" if kind.word else ""
    act = accepted(
        call,
        data | ({"bad_regids": ",".join(bad)} if listed else {}),
        info=info,
        rule="targets" if bad else "accepted",
        code=BAD_REGIDS if listed else None,
    )
    return scenes.flavoured(act, one)


def _data(
    call: Call, app: App, letter: str, klass: Klass, fields: Fields, result: Delivery, delivered: int
) -> dict[str, Any]:
    name = remember(call, app, letter, klass, fields, result)
    done = classes.acked(call.world, app, klass, delivered)
    amounts = {"day_quota": str(klass.a_day), "day_acked": str(done - delivered)} if klass.a_day is not None else {}
    return {"id": name, **amounts}


def remember(call: Call, app: App, letter: str, klass: Klass, fields: Fields, result: Delivery) -> str:
    """Give a message its id, and keep what its status will want to know."""
    lost = result.lost
    fate = lost[0] if lost else ids.DELIVERED
    name = ids.message_id(call, letter, fate, len(result.fates), len(lost))
    asked = number(fields.one("time_to_live"), 1, klass.ttl_ms)
    sent: dict[str, dict[str, Any]] = call.world.state.setdefault("sent", {})
    sent[name] = {"app": app.app_id, "jobkey": fields.extra_of("jobkey"), "ttl_s": (asked or klass.ttl_ms) // 1000}
    return name
