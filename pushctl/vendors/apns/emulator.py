"""APNs seen from the other side of the wire.

Pure: a request and the world in, an act out. Written from Apple's pages and from what SDKs and reports saw, not from
the client beside it, which it never imports: what one side gets wrong the other one shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated import Act, Forge, Handset, Listener, Peer, Scenario, Seen, World
from pushctl.vendors.apns import emulator_auth as auth
from pushctl.vendors.apns import emulator_channels as channels
from pushctl.vendors.apns import emulator_handsets as handsets
from pushctl.vendors.apns import emulator_push as device
from pushctl.vendors.apns import emulator_scenarios as scenarios
from pushctl.vendors.apns.emulator_answers import FULL_STREAMS, Call, Refusal, refused
from pushctl.vendors.apns.emulator_credentials import profile as throw_away_profile
from pushctl.vendors.apns.emulator_credentials import provision

if TYPE_CHECKING:
    from pushctl.core.message import Message

_PUSH_HOSTS = {
    "sandbox": ("api.sandbox.push.apple.com", "api.development.push.apple.com", "api-broadcast.sandbox.push.apple.com"),
    "production": ("api.push.apple.com", "api-broadcast.push.apple.com"),
}
_MANAGE_HOSTS = {
    "sandbox": ("api-manage-broadcast.sandbox.push.apple.com",),
    "production": ("api-manage-broadcast.push.apple.com",),
}


def _listener(name: str, hosts: tuple[str, ...], environment: str) -> Listener:
    return Listener(name, hosts, environment, http="h2", client_certificates=True, max_streams=1)


class ApnsEmulator:
    """Implements :class:`~pushctl.core.emulated.Emulator`."""

    vendor = "apns"
    listeners = (
        *(_listener(name, hosts, name) for name, hosts in _PUSH_HOSTS.items()),
        *(_listener(f"manage-{name}", hosts, name) for name, hosts in _MANAGE_HOSTS.items()),
    )

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The named ones, then one for every code of the catalogue."""
        return scenarios.BOOK.all

    def provision(self, forge: Forge) -> Mapping[str, bytes]:
        """Keys as ``AuthKey_*.p8``, certificates as ``.p12`` and ``.pem``."""
        return provision(forge)

    def profile(self, folder: Path, environment: str, credentials: str) -> dict[str, Any]:
        """The throw-away profile; token authentication by default. Raises ``KeyError`` for an unknown set."""
        return throw_away_profile(folder, environment, credentials)

    def handsets(self, environment: str) -> tuple[Handset, ...]:
        """The live ones of every kind, then one of the kind ``app`` for every named scenario that a token can have."""
        live = [handsets.live(environment, kind) for kind in handsets.KINDS]
        acting = [each for each in scenarios.BOOK.named.values() if scenes.by_token(each)]
        return (*live, *(handsets.of_scenario(environment, "app", each) for each in acting))

    def handset_for(self, message: Message, environment: str, scenario: str | None) -> Handset:
        """Of the kind that the message needs: the scenario's, or the live one."""
        kind = handsets.kind_for(message)
        found = scenarios.BOOK.all.get(scenario or "")
        if found is None:
            return handsets.live(environment, kind)
        if found.act.get("token") == "other-environment":
            return handsets.live("production" if environment == "sandbox" else "sandbox", kind)
        return (
            handsets.of_scenario(environment, kind, found)
            if scenes.by_token(found)
            else handsets.live(environment, kind)
        )

    def greet(self, peer: Peer, world: World) -> Act | None:
        """Certificates are judged right after the handshake; a good one may open all streams at once."""
        certificate = auth.certificate_of(Call(Seen("", "", (), b""), peer, world))
        if certificate is None:
            return None
        scenario = scenarios.BOOK.of(world)
        at_once = scenario is not None and scenario.act.get("goaway_close") == "at-once"
        if not certificate.environments:
            code = "BadCertificate"
        elif peer.listener.environment not in certificate.environments:
            code = "BadCertificateEnvironment"
        else:
            return Act(max_streams=FULL_STREAMS, rule="certificate")
        debug = b'{"reason":"%s"}' % code.encode()
        return Act(goaway=debug, goaway_close="at-once" if at_once else "linger", rule="certificate-rights", code=code)

    def serve(self, seen: Seen, peer: Peer, world: World) -> Act:
        """Answer one request, as late as the scenario wants and with what it does to the connection afterwards."""
        manages = peer.listener.name.startswith("manage-")
        about_channel = manages or channels.PUBLISH.fullmatch(seen.path) is not None
        call = Call(seen, peer, world, "apns-request-id" if about_channel else "apns-id")
        act = scenarios.forced(call, world.scenario, "arrival") or (channels.manage(call) if manages else _push(call))
        return scenes.flavoured(act, scenarios.BOOK.of(world))


def _push(call: Call) -> Act:
    """Everything that the push hosts answer."""
    path = call.seen.path
    if call.seen.method != "POST":
        return refused(call, Refusal("MethodNotAllowed", "method"))
    broadcast = channels.PUBLISH.fullmatch(path)
    if broadcast is not None:
        return channels.publish(call, broadcast[1])
    if path != device.PREFIX and not path.startswith(f"{device.PREFIX}/"):
        return refused(call, Refusal("BadPath", "path"))
    if "/" in path[len(device.PREFIX) + 1 :]:
        return refused(call, Refusal("BadPath", "path"))
    return device.push(call)


EMULATOR = ApnsEmulator()
