"""OPPO Push, seen from the other side of the wire: the hosts of China and of everywhere else.

Pure: a request and the world in, an act out. Written from OPPO's documents and its Java SDK, not from the client beside
it, which it never imports.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated import Act, Forge, Handset, Listener, Peer, Scenario, Seen, World
from pushctl.core.emulated_calls import Call, Refusal
from pushctl.core.emulated_phones import ENVIRONMENT
from pushctl.vendors.oppo import emulator_broadcast as broadcasts
from pushctl.vendors.oppo import emulator_devices as devices
from pushctl.vendors.oppo import emulator_handsets as handsets
from pushctl.vendors.oppo import emulator_pictures as pictures
from pushctl.vendors.oppo import emulator_scenarios as scenarios
from pushctl.vendors.oppo import emulator_send as sends
from pushctl.vendors.oppo.emulator_answers import (
    BAD_VERSION,
    NO_CALL,
    NO_SUCH_CALL,
    NO_VERSION,
    OTHER_VERSION,
    WRONG_METHOD,
    refused,
)
from pushctl.vendors.oppo.emulator_auth import caller, token_interface
from pushctl.vendors.oppo.emulator_credentials import profile as throw_away_profile
from pushctl.vendors.oppo.emulator_credentials import provision
from pushctl.vendors.oppo.emulator_form import Form, read_form, read_query

if TYPE_CHECKING:
    from pushctl.core.message import Message
    from pushctl.vendors.oppo.emulator_handsets import Region

_AUTH = "auth"
_MESSAGES = "message/notification/"
_SENDS: Mapping[str, Callable[[Call, sends.Asking], Act]] = {
    f"{_MESSAGES}unicast": sends.unicast,
    f"{_MESSAGES}unicast_batch": sends.unicast_batch,
    f"{_MESSAGES}save_message_content": broadcasts.save,
    f"{_MESSAGES}broadcast": broadcasts.broadcast,
}
_FEEDBACK = "feedback/fetch_invalid_regidList"
_TAGS = {"device/subscribe_tags": True, "device/unsubscribe_tags": False}
_PICTURES = {f"media/upload/{kind}": kind for kind in pictures.LARGEST}
_INTERFACES: Mapping[str, tuple[str, ...]] = {
    "push": (_AUTH, *_SENDS),
    "push-international": (_AUTH, *_SENDS),
    "feedback": (_AUTH, _FEEDBACK),
    "devices": tuple(_TAGS),
    "media": tuple(_PICTURES),
}
"""By listener. That the feedback host gives tokens as well is known from one web page's proxy only."""
_VERSION = re.compile(r"v(\d{1,9})", re.ASCII)


class OppoEmulator:
    """Implements :class:`~pushctl.core.emulated.Emulator`."""

    vendor = "oppo"
    listeners = (
        Listener("push", ("api-push-cn.heytapmobi.com", "api.push.oppomobile.com"), ENVIRONMENT),
        Listener("push-international", ("api-intl.push.oppomobile.com",), ENVIRONMENT),
        Listener("feedback", ("feedback.push.oppomobile.com",), ENVIRONMENT),
        Listener("devices", ("api-device.push.heytapmobi.com",), ENVIRONMENT),
        Listener("media", ("api-media.push.heytapmobi.com",), ENVIRONMENT),
    )

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The named ones, then one for every code that can be answered."""
        return scenarios.BOOK.all

    def provision(self, forge: Forge) -> Mapping[str, bytes]:
        """MasterSecrets, and the key that signs tokens."""
        return provision(forge)

    def profile(self, folder: Path, environment: str, credentials: str) -> dict[str, Any]:
        """The throw-away profile. Raises ``KeyError`` for an unknown set."""
        return throw_away_profile(folder, environment, credentials)

    def handsets(self, environment: str) -> tuple[Handset, ...]:  # noqa: ARG002 - there is one
        """The live phone, one for every named scenario that a registration id can bring about, one abroad."""
        return handsets.handsets()

    def handset_for(self, message: Message, environment: str, scenario: str | None) -> Handset:  # noqa: ARG002
        """The scenario's phone, or the live one, both in China."""
        return handsets.PHONES.chosen(scenario)

    def greet(self, peer: Peer, world: World) -> Act | None:  # noqa: ARG002 - nothing is said before a request
        """Nothing happens after the handshake."""
        return None

    def serve(self, seen: Seen, peer: Peer, world: World) -> Act:
        """Answer one request; a slow scenario is slow where pushes go."""
        call = Call(seen, peer, world, scenarios.BOOK)
        run = scenarios.BOOK.of(world)
        scenes.set_clock(world, run)
        interface = _interface(call)
        if isinstance(interface, Refusal):
            return refused(call, interface)
        if interface == _AUTH:
            form = read_form(call)
            return refused(call, form) if isinstance(form, Refusal) else token_interface(call, _region(call), form)
        return scenes.flavoured(_answer(call, interface), run)


def _region(call: Call) -> Region:
    return "abroad" if call.peer.listener.name == "push-international" else "china"


def _interface(call: Call) -> str | Refusal:
    """Which interface of this host the path names; codes 20 to 24 say what is wrong with one, 12 with the method."""
    server, version, name = (*call.seen.path.partition("?")[0].removeprefix("/").split("/", 2), "", "")[:3]
    if server != "server":
        return Refusal(NO_SUCH_CALL, "path", "every path begins with /server/v1; what another comes to is unproved")
    if not version.startswith("v"):
        return Refusal(NO_VERSION, "version-present", "/v1 is missing")
    found = _VERSION.fullmatch(version)
    if found is None:
        return Refusal(BAD_VERSION, "version-shape", "the version is no number")
    if int(found[1]) != 1:
        return Refusal(OTHER_VERSION, "version-known", "there is only v1")
    if not name.strip("/"):
        return Refusal(NO_CALL, "interface-present")
    if name not in _INTERFACES[call.peer.listener.name]:
        return Refusal(NO_SUCH_CALL, "interface-known", f"{name[:60]} is no interface of this host")
    if call.seen.method != ("GET" if name == _FEEDBACK else "POST"):
        return Refusal(WRONG_METHOD, "method")
    return name


def _answer(call: Call, interface: str) -> Act:
    """Who is asking, then the interface."""
    form, file = _fields(call, interface)
    if isinstance(form, Refusal):
        return refused(call, form)
    app = caller(call, _region(call), form)
    if isinstance(app, Refusal):
        return refused(call, app)
    forced = scenarios.forced(call, "authenticated")
    if forced is not None:
        return forced
    if interface in _SENDS:
        return _SENDS[interface](call, sends.Asking(app, _region(call), form))
    forced = scenarios.forced(call, "checked")
    if forced is not None:
        return forced
    if interface in _TAGS:
        return devices.tags(call, app, bind=_TAGS[interface])
    if interface in _PICTURES:
        return pictures.upload(call, _PICTURES[interface], form, file)
    return devices.invalid_list(call)


def _fields(call: Call, interface: str) -> tuple[Form | Refusal, bytes | None]:
    """The fields of a request, wherever this interface has them, and the file that is uploaded."""
    if interface in _PICTURES:
        return pictures.parts_of(call)
    if interface in _TAGS:
        return devices.json_fields(call), None
    return read_query(call) if interface == _FEEDBACK else read_form(call), None


EMULATOR = OppoEmulator()
