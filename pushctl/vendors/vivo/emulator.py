"""vivo Push seen from the other side of the wire.

Pure: a request and the world in, an act out. Written from what mirrors, SDKs and clients in the open keep of vivo's
documents, not from the client beside it, which it never imports. The order of the checks is a convention; what no text
and no answer shows is called unproved in the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated import Act, Forge, Handset, Listener, Peer, Scenario, Seen, World
from pushctl.core.emulated_calls import Call, Refusal
from pushctl.core.emulated_phones import ENVIRONMENT
from pushctl.vendors.vivo import emulator_asks as asks
from pushctl.vendors.vivo import emulator_auth as auth
from pushctl.vendors.vivo import emulator_body as body
from pushctl.vendors.vivo import emulator_scenarios as scenarios
from pushctl.vendors.vivo import emulator_send as send
from pushctl.vendors.vivo.emulator_answers import refused
from pushctl.vendors.vivo.emulator_credentials import profile as throw_away_profile
from pushctl.vendors.vivo.emulator_credentials import provision
from pushctl.vendors.vivo.emulator_handsets import PHONES

if TYPE_CHECKING:
    from pushctl.core.message import Message

_AUTH, _STATISTICS = "/message/auth", "/report/getStatistics"
_INTERFACES: Mapping[str, Callable[[Call, str, body.Message], Act]] = {
    "/message/send": send.send,
    scenarios.SAVE: send.save,
    "/message/pushToList": send.push_to_list,
    "/message/all": send.to_all,
    "/message/tagPush": send.tag_push,
    "/message/recycle": asks.recycle,
    "/invalidUser/check": asks.check,
    "/tag/add": asks.add_tag,
    "/tag/addMembers": asks.add_members,
    "/tag/removeMembers": asks.remove_members,
}
_NOT_HERE = ("/tag/update", "/tagGroup/", "/tagSegment/", "/livemessage/")
"""Of vivo's, and not emulated."""


class VivoEmulator:
    """Implements :class:`~pushctl.core.emulated.Emulator`."""

    vendor = "vivo"
    listeners = (Listener("push", ("api-push.vivo.com.cn",), ENVIRONMENT),)

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The named ones, then one for every code that can be answered."""
        return scenarios.BOOK.all

    def provision(self, forge: Forge) -> Mapping[str, bytes]:
        """AppSecrets, and the key that signs authTokens."""
        return provision(forge)

    def profile(self, folder: Path, environment: str, credentials: str) -> dict[str, Any]:
        """The throw-away profile. Raises ``KeyError`` for an unknown set."""
        return throw_away_profile(folder, environment, credentials)

    def handsets(self, environment: str) -> tuple[Handset, ...]:  # noqa: ARG002 - there is one
        """The live phone, then one for every named scenario that a regId can bring about."""
        return PHONES.listed()

    def handset_for(self, message: Message, environment: str, scenario: str | None) -> Handset:  # noqa: ARG002
        """The scenario's phone, or the live one."""
        return PHONES.chosen(scenario)

    def greet(self, peer: Peer, world: World) -> Act | None:  # noqa: ARG002 - nothing is said before a request
        """Nothing happens after the handshake."""
        return None

    def serve(self, seen: Seen, peer: Peer, world: World) -> Act:
        """Answer one request; a slow scenario is slow where pushes go."""
        call = Call(seen, peer, world, scenarios.BOOK)
        scenes.set_clock(world, scenarios.BOOK.of(world))
        path = seen.path.partition("?")[0]
        refusal = _route(path, seen.method)
        if refusal is not None:
            return refused(call, refusal)
        if path == _AUTH:
            return auth.auth(call)
        return scenes.flavoured(_behind_auth(call, path), scenarios.BOOK.of(world))


def _route(path: str, method: str) -> Refusal | None:
    if path not in (_AUTH, _STATISTICS, *_INTERFACES):
        note = "an interface of vivo's that is not emulated" if path.startswith(_NOT_HERE) else ""
        return Refusal("http/404", "path", note)
    wanted = "GET" if path == _STATISTICS else "POST"
    if method == wanted:
        return None
    return Refusal("http/404", "method", f"{wanted} only; which status comes is unproved")


def _behind_auth(call: Call, path: str) -> Act:
    """Who is asking, then what."""
    app = auth.authorize(call)
    if isinstance(app, Refusal):
        return refused(call, app)
    forced = scenarios.forced(call, "authenticated")
    if forced is not None:
        return forced
    if path == _STATISTICS:
        return asks.statistics(call, app)
    document = body.json_object(call)
    message = document if isinstance(document, Refusal) else body.typed(call, document)
    refusal = message if isinstance(message, Refusal) else auth.speaks_for(call, app, message)
    if refusal is not None or isinstance(message, Refusal):
        return refused(call, refusal or Refusal(body.BAD_REQUEST, "json"))
    return _INTERFACES[path](call, app, message)


EMULATOR = VivoEmulator()
