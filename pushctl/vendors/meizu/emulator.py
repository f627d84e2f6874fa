"""Meizu's Flyme Push and its subscription service, in both regions, seen from the other side of the wire.

Pure: a request and the world in, an act out. Written from Meizu's documentation (MEIZUPUSH/PushAPI:README.md) and its
SDK (MEIZUPUSH/JavaSdk), not from the client beside it, which it never imports. What neither tells is said to be
"unproved" in the notes of the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated import Act, Forge, Handset, Listener, Peer, Scenario, Seen, World
from pushctl.core.emulated_calls import Call, Refusal
from pushctl.core.emulated_phones import ENVIRONMENT
from pushctl.vendors.meizu import emulator_handsets as handsets
from pushctl.vendors.meizu import emulator_images as images
from pushctl.vendors.meizu import emulator_push as push
from pushctl.vendors.meizu import emulator_scenarios as scenarios
from pushctl.vendors.meizu import emulator_signature as signature
from pushctl.vendors.meizu import emulator_subscriptions as phone
from pushctl.vendors.meizu import emulator_tasks as tasks
from pushctl.vendors.meizu.emulator_answers import refused
from pushctl.vendors.meizu.emulator_credentials import profile as throw_away_profile
from pushctl.vendors.meizu.emulator_credentials import provision

if TYPE_CHECKING:
    from pushctl.core.message import Message

PUSH, SUBSCRIPTION = "push", "subscription"


@dataclass(frozen=True, slots=True)
class Interface:
    """One call.

    :ivar asks: whether it is a question, which the documentation asks with GET and the SDK with POST.
    :ivar limit: how it counts against what an app may do: not at all, as a push, or as one to everybody or to a tag.
    """

    answer: Callable[[Call, signature.Asked], Act]
    asks: bool = False
    limit: str = ""


_PUSHES: Mapping[str, Interface] = {
    "varnished/pushByPushId": Interface(push.by_push_id, limit="push"),
    "varnished/pushByAlias": Interface(push.by_alias, limit="push"),
    "unvarnished/pushByPushId": Interface(push.pass_through),
    "unvarnished/pushByAlias": Interface(push.pass_through),
    "task/varnished/pushByPushId": Interface(partial(tasks.push_listed, name="pushIds"), limit="push"),
    "task/varnished/pushByAlias": Interface(partial(tasks.push_listed, name="alias"), limit="push"),
    "task/unvarnished/pushByPushId": Interface(push.pass_through),
    "task/unvarnished/pushByAlias": Interface(push.pass_through),
    "pushTask/getTaskId": Interface(tasks.get_task_id),
    "pushTask/pushToApp": Interface(tasks.to_app, limit="mass"),
    "pushTask/pushToTag": Interface(tasks.to_tag, limit="mass"),
    "pushTask/cancel": Interface(tasks.cancel),
    "statistics/getTaskStatistics": Interface(tasks.statistics, asks=True),
    "statistics/dailyPushStatics": Interface(tasks.daily_statistics, asks=True),
    "uploadImg": Interface(images.convert),
}
_SUBSCRIPTIONS: Mapping[str, Interface] = {
    "getRegisterSwitch": Interface(phone.answered(phone.switches), asks=True),
    "changeRegisterSwitch": Interface(phone.answered(phone.change_switch, "msgType", "subSwitch")),
    "changeAllSwitch": Interface(phone.answered(phone.change_all, "subSwitch")),
    "subscribeAlias": Interface(phone.answered(phone.take_alias, "alias")),
    "unSubscribeAlias": Interface(phone.answered(phone.drop_alias)),
    "getSubAlias": Interface(phone.answered(phone.alias), asks=True),
    "subscribeTags": Interface(phone.answered(phone.take_tags, "tags")),
    "unSubscribeTags": Interface(phone.answered(phone.drop_tags, "tags")),
    "getSubTags": Interface(phone.answered(phone.tags), asks=True),
    "unSubAllTags": Interface(phone.answered(phone.drop_all_tags)),
}
_PATHS: Mapping[str, Mapping[str, Interface]] = {
    PUSH: {f"/garcia/api/server/push/{name}": each for name, each in _PUSHES.items()},
    SUBSCRIPTION: {f"/garcia/api/server/message/{name}": each for name, each in _SUBSCRIPTIONS.items()},
}
"""Every call of each service, by its path."""


class MeizuEmulator:
    """Implements :class:`~pushctl.core.emulated.Emulator`."""

    vendor = "meizu"
    listeners = (
        Listener(PUSH, ("server-api-push.meizu.com",), ENVIRONMENT),
        Listener(SUBSCRIPTION, ("api-push.meizu.com",), ENVIRONMENT),
        Listener(PUSH + signature.OVERSEAS, ("server-api-push.in.meizu.com",), ENVIRONMENT),
        Listener(SUBSCRIPTION + signature.OVERSEAS, ("api-push.in.meizu.com",), ENVIRONMENT),
    )

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The named ones, then one for every code that can be answered."""
        return scenarios.BOOK.all

    def provision(self, forge: Forge) -> Mapping[str, bytes]:
        """Secrets and keys of apps."""
        return provision(forge)

    def profile(self, folder: Path, environment: str, credentials: str) -> dict[str, Any]:
        """The throw-away profile. Raises ``KeyError`` for an unknown set."""
        return throw_away_profile(folder, environment, credentials)

    def handsets(self, environment: str) -> tuple[Handset, ...]:  # noqa: ARG002 - there is one
        """The live phone, then one for every named scenario that a pushId can bring about."""
        return handsets.PHONES.listed()

    def handset_for(self, message: Message, environment: str, scenario: str | None) -> Handset:  # noqa: ARG002
        """The scenario's phone, or the live one."""
        return handsets.PHONES.chosen(scenario)

    def greet(self, peer: Peer, world: World) -> Act | None:  # noqa: ARG002 - nothing is said before a request
        """Nothing happens after the handshake."""
        return None

    def serve(self, seen: Seen, peer: Peer, world: World) -> Act:
        """Answer one request."""
        call = Call(seen, peer, world, scenarios.BOOK)
        return scenes.flavoured(_answer(call), scenarios.BOOK.of(world))


def _answer(call: Call) -> Act:
    """Path, then who is asking, then what the app may still do, then the call."""
    found = _interface(call)
    if isinstance(found, Refusal):
        return refused(call, found)
    asked = signature.asked(call)
    if isinstance(asked, Refusal):
        return refused(call, asked)
    forced = scenarios.forced(call, "signed")
    if forced is not None:
        return forced
    refusal = push.limited(call, asked.app, mass=found.limit == "mass") if found.limit else None
    return refused(call, refusal) if refusal is not None else found.answer(call, asked)


def _interface(call: Call) -> Interface | Refusal:
    path = call.seen.path.partition("?")[0]
    service = call.peer.listener.name.removesuffix(signature.OVERSEAS)
    found = _PATHS[service].get(path)
    if found is None:
        elsewhere = any(path in paths for paths in _PATHS.values())
        note = "it belongs to the other host: they were one until 2017-08-15" if elsewhere else ""
        return Refusal("http/404", "path", note)
    if call.seen.method == "POST" or (found.asks and call.seen.method == "GET"):
        return found
    return Refusal("http/404", "method", "which status comes is unproved")


EMULATOR = MeizuEmulator()
