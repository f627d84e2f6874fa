"""Huawei Push Kit v3 (HarmonyOS 5 and later) seen from the other side of the wire.

Pure: a request and the world in, an act out. Written from Huawei's pages, not from the client beside it, which it never
imports. Which HTTP status a code comes with and the order of the checks are conventions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated import Act, Forge, Handset, Listener, Peer, Scenario, Seen, World
from pushctl.core.emulated_calls import Call, Refusal
from pushctl.core.emulated_oauth import bearer
from pushctl.core.emulated_phones import ENVIRONMENT
from pushctl.vendors._huawei import emulator_scenarios as scenarios
from pushctl.vendors._huawei.emulator_accounts import signer_of
from pushctl.vendors._huawei.emulator_answers import refused
from pushctl.vendors.harmony import emulator_handsets as handsets
from pushctl.vendors.harmony.emulator_credentials import ACCOUNTS, CLIENT, CLIENTS, PROJECT, provision
from pushctl.vendors.harmony.emulator_credentials import profile as throw_away_profile
from pushctl.vendors.harmony.emulator_send import revoke, send

if TYPE_CHECKING:
    from pushctl.core.message import Message

_PATH = re.compile(r"/v3/([^/?]+)/messages:send|/v1/([^/?]+)/messages:revoke")
_PATHS = r"/v3/|/v1/[^/]+/messages:revoke"
"""What is v3's own on the host that it shares with v1 and v2."""


class HarmonyEmulator:
    """Implements :class:`~pushctl.core.emulated.Emulator`."""

    vendor = "harmony"
    listeners = (Listener("push", ("push-api.cloud.huawei.com",), ENVIRONMENT, paths=_PATHS),)

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The named ones, then one for every code that can be answered."""
        return handsets.BOOK.all

    def provision(self, forge: Forge) -> Mapping[str, bytes]:
        """The key files of service accounts."""
        return provision(forge)

    def profile(self, folder: Path, environment: str, credentials: str) -> dict[str, Any]:
        """The throw-away profile. Raises ``KeyError`` for an unknown set."""
        return throw_away_profile(folder, environment, credentials)

    def handsets(self, environment: str) -> tuple[Handset, ...]:  # noqa: ARG002 - there is one
        """The live phone, then one for every named scenario that a token can bring about."""
        return handsets.PHONES.listed()

    def handset_for(self, message: Message, environment: str, scenario: str | None) -> Handset:  # noqa: ARG002
        """The scenario's phone, or the live one; one app takes every push-type."""
        return handsets.PHONES.chosen(scenario)

    def greet(self, peer: Peer, world: World) -> Act | None:  # noqa: ARG002 - nothing is said before a request
        """Nothing happens after the handshake."""
        return None

    def serve(self, seen: Seen, peer: Peer, world: World) -> Act:
        """Answer one request."""
        call = Call(seen, peer, world, handsets.BOOK)
        scenes.set_clock(world, handsets.BOOK.of(world))
        return scenes.flavoured(_push_api(call), handsets.BOOK.of(world))


def _push_api(call: Call) -> Act:
    """Path, then who is asking, then the interface."""
    found = _PATH.fullmatch(call.seen.path.partition("?")[0])
    if found is None:
        older = re.match(r"/v[12]/", call.seen.path) is not None
        return refused(call, Refusal("http/404", "path", "v1 and v2 are the vendor hms" if older else ""))
    if call.seen.method != "POST":
        return refused(call, Refusal("http/404", "method", "POST only; which status comes is unproved"))
    project = _project_of_caller(call)
    if isinstance(project, Refusal):
        return refused(call, project)
    refusal = _speaks_for(call, project, found[1], found[2])
    if refusal is not None:
        return refused(call, refusal)
    forced = scenarios.forced(call, "authenticated")
    if forced is not None:
        return forced
    return send(call, project) if found[1] else revoke(call, project)


def _project_of_caller(call: Call) -> str | Refusal:
    """By the service account that signed the JWT; access tokens are not taken any more (the page's warning)."""
    token = bearer(call.seen)
    if token is None:
        return Refusal("80200001", "authorization-present", "no header, or not Bearer, a blank and a token")
    if token.count(".") != 2:
        return Refusal("80200001", "jwt-form", "no JWT: v3 takes no OAuth access token")
    account = signer_of(call, token, ACCOUNTS.values())
    if isinstance(account, Refusal):
        return account
    return scenarios.expired(call, call.book.of(call.world)) or account.project


def _speaks_for(call: Call, project: str, in_path: str | None, client: str | None) -> Refusal | None:
    """Whether the path's project, or the project of the path's client id, is the caller's. The ids of the profile that
    runs against the sandbox stand for its own."""
    app = call.world.app
    if client is not None:
        named = PROJECT if client in {CLIENT, app.get("client_id")} else CLIENTS.get(client, "")
    else:
        named = PROJECT if in_path == app.get("project_id") else in_path or ""
    if named not in CLIENTS.values():
        return Refusal("80300002", "path-id-known", "no such project or client id here; the code is unproved")
    return None if named == project else Refusal("80200001", "path-id-of-caller", "a JWT of another project")


EMULATOR = HarmonyEmulator()
