"""Honor Push and the OAuth service beside it, seen from the other side of the wire.

Pure: a request and the world in, an act out. Written from Honor's article and its clients, not from the client beside
it, which it never imports. Honor's own pages could not be read: what an acceptance looks like is known, most of what
makes a refusal is a likely guess, and the notes of the journal say "unproved" there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated import Act, Forge, Handset, Listener, Peer, Scenario, Seen, World
from pushctl.core.emulated_calls import Refusal
from pushctl.core.emulated_phones import ENVIRONMENT
from pushctl.vendors.honor import emulator_handsets as handsets
from pushctl.vendors.honor import emulator_oauth as oauth
from pushctl.vendors.honor import emulator_scenarios as scenarios
from pushctl.vendors.honor.emulator_answers import Call, refused
from pushctl.vendors.honor.emulator_credentials import profile as throw_away_profile
from pushctl.vendors.honor.emulator_credentials import provision
from pushctl.vendors.honor.emulator_send import send

if TYPE_CHECKING:
    from pushctl.core.message import Message

_PATH = re.compile(r"/api/v1/[^/?]+/sendMessage")
_OF_HUAWEI = "messages:send"


class HonorEmulator:
    """Implements :class:`~pushctl.core.emulated.Emulator`."""

    vendor = "honor"
    listeners = (
        Listener("push", ("push-api.cloud.honor.com", "push-api.cloud.hihonor.com"), ENVIRONMENT),
        Listener("oauth", ("iam.developer.honor.com", "iam.developer.hihonor.com"), ENVIRONMENT),
    )

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The named ones, then one for every code that can be answered."""
        return scenarios.BOOK.all

    def provision(self, forge: Forge) -> Mapping[str, bytes]:
        """Client secrets, and the key that signs access tokens."""
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
        """Answer one request; a slow scenario is slow where pushes go."""
        call = Call(seen, peer, world)
        scenes.set_clock(world, scenarios.BOOK.of(world))
        if peer.listener.name == "oauth":
            return oauth.token_endpoint(call)
        return scenes.flavoured(_push_api(call), scenarios.BOOK.of(world))


def _push_api(call: Call) -> Act:
    """Path, then who is asking, then the push."""
    if not _PATH.fullmatch(call.seen.path.partition("?")[0]):
        note = "a path of Huawei's; Honor's is /api/v1/APPID/sendMessage" if _OF_HUAWEI in call.seen.path else ""
        return refused(call, Refusal("http/404", "path", note))
    if call.seen.method != "POST":
        return refused(call, Refusal("http/404", "method", "POST only; which status comes is unproved"))
    app = oauth.app_of(call)
    if isinstance(app, Refusal):
        return refused(call, app)
    refusal = oauth.speaks_for(call, app)
    if refusal is not None:
        return refused(call, refusal)
    return scenarios.forced(call, "authenticated") or send(call, app)


EMULATOR = HonorEmulator()
