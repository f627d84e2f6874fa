"""Huawei Push Kit v1 and v2, and the OAuth service beside it, seen from the other side of the wire.

Pure: a request and the world in, an act out. Written from Huawei's pages and its SDKs, not from the client beside it,
which it never imports. Which HTTP status a code comes with and the order of the checks are conventions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated import Act, Forge, Handset, Listener, Peer, Scenario, Seen, World
from pushctl.core.emulated_calls import Call, Refusal
from pushctl.core.emulated_phones import ENVIRONMENT
from pushctl.vendors._huawei import emulator_scenarios as scenarios
from pushctl.vendors._huawei.emulator_answers import refused
from pushctl.vendors.hms import emulator_handsets as handsets
from pushctl.vendors.hms import emulator_oauth as oauth
from pushctl.vendors.hms import emulator_topics as topics
from pushctl.vendors.hms.emulator_credentials import profile as throw_away_profile
from pushctl.vendors.hms.emulator_credentials import provision
from pushctl.vendors.hms.emulator_send import send

if TYPE_CHECKING:
    from pushctl.core.message import Message

_PATH = re.compile(r"/(v1|v2)/([^/?]+)/([a-z]+:[a-z]+)")
_RETIRED = "/pushsend.do"


class HmsEmulator:
    """Implements :class:`~pushctl.core.emulated.Emulator`."""

    vendor = "hms"
    listeners = (
        Listener("push", ("push-api.cloud.huawei.com", "api.push.hicloud.com"), ENVIRONMENT),
        Listener("oauth", ("oauth-login.cloud.huawei.com", "login.cloud.huawei.com"), ENVIRONMENT),
    )

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The named ones, then one for every code that can be answered."""
        return handsets.BOOK.all

    def provision(self, forge: Forge) -> Mapping[str, bytes]:
        """Client secrets and the key files of service accounts."""
        return provision(forge)

    def profile(self, folder: Path, environment: str, credentials: str) -> dict[str, Any]:
        """The throw-away profile; an OAuth client by default. Raises ``KeyError`` for an unknown set."""
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
        """Answer one request; a slow scenario is slow where pushes go."""
        call = Call(seen, peer, world, handsets.BOOK)
        scenes.set_clock(world, handsets.BOOK.of(world))
        if peer.listener.name == "oauth":
            return oauth.token_endpoint(call)
        return scenes.flavoured(_push_api(call), handsets.BOOK.of(world))


def _push_api(call: Call) -> Act:
    """Path, then who is asking, then the interface."""
    if call.seen.path == _RETIRED:
        return refused(call, Refusal("http/404", "retired", "the gateway of SDK 2.x; what it answers is unproved"))
    found = _PATH.fullmatch(call.seen.path.partition("?")[0])
    known = found is not None and (found[3] == "messages:send" or (found[1] == "v1" and found[3] in topics.INTERFACES))
    if found is None or not known:
        v3 = call.seen.path.startswith("/v3/") or call.seen.path.endswith("messages:revoke")
        return refused(call, Refusal("http/404", "path", "v3 and revoking are the vendor harmony" if v3 else ""))
    if call.seen.method != "POST":
        return refused(call, Refusal("http/404", "method", "POST only; which status comes is unproved"))
    caller = oauth.authorize(call)
    refusal = caller if isinstance(caller, Refusal) else oauth.speaks_for(call, caller, found[1], found[2])
    if isinstance(caller, Refusal) or refusal is not None:
        return refused(call, refusal or Refusal("80200001", "authorization"))
    forced = scenarios.forced(call, "authenticated")
    if forced is not None:
        return forced
    return send(call, caller) if found[3] == "messages:send" else topics.answer(call, caller, found[3])


EMULATOR = HmsEmulator()
