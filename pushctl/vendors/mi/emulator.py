"""Xiaomi Mi Push seen from the other side of the wire.

Pure: a request and the world in, an act out. Written from Xiaomi's pages, its SDK and answers that others published,
not from the client beside it, which it never imports. Which code a check comes to is often no more than its name in
Xiaomi's table: the notes of the journal say "unproved" there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated import Act, Forge, Handset, Listener, Peer, Scenario, Seen, World
from pushctl.core.emulated_calls import Call, Refusal
from pushctl.core.emulated_phones import ENVIRONMENT
from pushctl.vendors.mi import emulator_asks as asks
from pushctl.vendors.mi import emulator_changes as changes
from pushctl.vendors.mi import emulator_handsets as handsets
from pushctl.vendors.mi import emulator_scenarios as scenarios
from pushctl.vendors.mi.emulator_access import app_of
from pushctl.vendors.mi.emulator_answers import NO_METHOD, NO_PATH, refused
from pushctl.vendors.mi.emulator_credentials import App, provision
from pushctl.vendors.mi.emulator_credentials import profile as throw_away_profile
from pushctl.vendors.mi.emulator_multi import OF_PATH, send_each
from pushctl.vendors.mi.emulator_send import send

if TYPE_CHECKING:
    from pushctl.core.message import Message

Interface = Callable[[Call, App], Act]

_VERSIONS = {
    "regid": "234", "alias": "23", "user_account": "2", "topic": "23", "multi_topic": "23", "all": "23",
}  # fmt: skip
"""Of sends, by what they address."""


def _asked(answer: asks.Answer) -> Interface:
    return lambda call, app: asks.ask(call, app, answer)


_POST: Mapping[str, Interface] = {
    **{
        f"/v{version}/message/{kind}": partial(send, name=kind)
        for kind, versions in _VERSIONS.items()
        for version in versions
    },
    **{f"/v2/multi_messages/{kind}": partial(send_each, name=kind) for kind in OF_PATH},
    "/v1/validation/regids": _asked(asks.validation),
    "/v2/topic/subscribe": _asked(changes.topic("subscribe", "registration_id")),
    "/v2/topic/unsubscribe": _asked(changes.topic("unsubscribe", "registration_id")),
    "/v2/topic/subscribe/alias": _asked(changes.topic("subscribe", "aliases")),
    "/v2/topic/unsubscribe/alias": _asked(changes.topic("unsubscribe", "aliases")),
    "/v2/schedule_job/exist": _asked(changes.job_exists),
    "/v2/schedule_job/delete": _asked(changes.job_deleted),
    "/v3/schedule_job/delete": _asked(changes.jobs_deleted),
    **{f"/v3/message/{kind}/revoke": _asked(changes.recall(kind)) for kind in ("regid", "alias", "user_account")},
    **{
        f"/v1/message/{kind}/revoke": _asked(changes.old_recall(kind))
        for kind in ("regid", "alias", "user_account", "topic", "multi_topic")
    },
    "/v2/message/revoke": _asked(changes.old_recall("message")),
}
_GET: Mapping[str, Interface] = {
    "/v1/trace/message/status": _asked(asks.message_status),
    "/v1/trace/messages/status": _asked(asks.statuses),
    "/v1/trace/quota/get": _asked(asks.quota),
    "/v1/stats/message/counters": _asked(asks.counters),
    "/v1/alias/all": _asked(asks.aliases),
    "/v1/account/all": _asked(asks.aliases),
    "/v1/topic/all": _asked(asks.topics),
    "/v1/regid/presence": _asked(asks.presence),
    "/v2/regid/presence": _asked(asks.presences),
    "/v3/regid/presence": _asked(asks.presences),
}
_INTERFACES: Mapping[str, Mapping[str, Interface]] = {"POST": _POST, "GET": _GET}
_WITHDRAWN = ("/v1/feedback/fetch_invalid_regids", "/v1/feedback/fetch_invalid_aliases")
_NOT_EMULATED = ("/v1/channel/", "/media/", "/v1/message/switch/", "/v2/schedule_job/query", "/v1/feedback/")


class MiEmulator:
    """Implements :class:`~pushctl.core.emulated.Emulator`."""

    vendor = "mi"
    listeners = (
        Listener(
            "api",
            (
                "api.xmpush.xiaomi.com", "vip.api.xmpush.xiaomi.com", "lg.api.xmpush.xiaomi.com",
                "c3.api.xmpush.xiaomi.com", "feedback.xmpush.xiaomi.com",
            ),
            ENVIRONMENT,
        ),
        Listener(
            "overseas",
            (
                "api.xmpush.global.xiaomi.com", "sgp-api.xmpush.global.xiaomi.com", "fr-api.xmpush.global.xiaomi.com",
                "idmb-api.xmpush.global.xiaomi.com", "ru-api.xmpush.global.xiaomi.com",
                "fr.api.xmpush.global.xiaomi.com", "idmb.api.xmpush.global.xiaomi.com",
                "ru.api.xmpush.global.xiaomi.com",
            ),
            ENVIRONMENT,
        ),
    )  # fmt: skip

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The named ones, then one for every code that can be answered."""
        return scenarios.BOOK.all

    def provision(self, forge: Forge) -> Mapping[str, bytes]:
        """AppSecrets, and what people take for one."""
        return provision(forge)

    def profile(self, folder: Path, environment: str, credentials: str) -> dict[str, Any]:
        """The throw-away profile. Raises ``KeyError`` for an unknown set."""
        return throw_away_profile(folder, environment, credentials)

    def handsets(self, environment: str) -> tuple[Handset, ...]:  # noqa: ARG002 - there is one
        """The live phone, then one for every named scenario that a token can bring about."""
        return handsets.PHONES.listed()

    def handset_for(self, message: Message, environment: str, scenario: str | None) -> Handset:  # noqa: ARG002
        """The scenario's phone, or the live one."""
        return handsets.PHONES.chosen(scenario)

    def greet(self, peer: Peer, world: World) -> Act | None:  # noqa: ARG002 - nothing is said before a request
        """Nothing happens after the handshake."""
        return None

    def serve(self, seen: Seen, peer: Peer, world: World) -> Act:
        """Answer one request; a slow scenario is slow throughout."""
        call = Call(seen, peer, world, scenarios.BOOK)
        scenes.set_clock(world, scenarios.BOOK.of(world))
        return scenes.flavoured(_api(call), scenarios.BOOK.of(world))


def _api(call: Call) -> Act:
    """Path and method, then who is asking, then the interface. What a wrong path or method is answered is unproved."""
    if call.peer.listener.name == "overseas":
        call.note("Mi Push outside mainland China ended on 2024-04-02; what these hosts answer now is unproved.")
    path = call.seen.path.partition("?")[0]
    interface = _INTERFACES.get(call.seen.method, {}).get(path)
    if interface is None:
        if path in _POST or path in _GET:
            return refused(call, Refusal(NO_METHOD, "method", f"{'POST' if path in _POST else 'GET'} only; unproved"))
        return refused(call, Refusal(NO_PATH, "path", _about(path)))
    app = app_of(call)
    if isinstance(app, Refusal):
        return refused(call, app)
    return scenarios.forced(call, "authenticated") or interface(call, app)


def _about(path: str) -> str:
    if path in _WITHDRAWN:
        return "withdrawn: receipts of type 16 tell it; what it answers now is unproved"
    if path.startswith(_NOT_EMULATED):
        return "Mi Push has this interface, the sandbox has not"
    return "no such interface; that the answer is this code is unproved"


EMULATOR = MiEmulator()
