"""FCM and the Google services around it, seen from the other side of the wire.

Pure: a request and the world in, an act out. Written from Google's pages and from what SDKs and reports saw, not from
the client beside it, which it never imports: what one side gets wrong the other one shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushctl.core import scenes
from pushctl.core.emulated import Act, Forge, Handset, Listener, Peer, Scenario, Seen, World
from pushctl.vendors.fcm import emulator_data as data
from pushctl.vendors.fcm import emulator_groups as groups
from pushctl.vendors.fcm import emulator_handsets as handsets
from pushctl.vendors.fcm import emulator_iid as iid
from pushctl.vendors.fcm import emulator_oauth as oauth
from pushctl.vendors.fcm import emulator_registrations as registrations
from pushctl.vendors.fcm import emulator_scenarios as scenarios
from pushctl.vendors.fcm.emulator_answers import FCM, Call, Refusal, accepted, call_of, refused
from pushctl.vendors.fcm.emulator_credentials import profile as throw_away_profile
from pushctl.vendors.fcm.emulator_credentials import provision
from pushctl.vendors.fcm.emulator_send import send

if TYPE_CHECKING:
    from pushctl.core.message import Message

ENVIRONMENT = "production"
_HOSTS = {
    "fcm": ("fcm.googleapis.com", "fcm.mtls.googleapis.com"),
    "oauth": ("oauth2.googleapis.com", "accounts.google.com", "www.googleapis.com"),
    "sts": ("sts.googleapis.com",),
    "iamcredentials": ("iamcredentials.googleapis.com",),
    "iid": ("iid.googleapis.com",),
    "fcmdata": ("fcmdata.googleapis.com",),
}


@dataclass(frozen=True, slots=True)
class _Route:
    """A path of one service. Every listener knows all of them: a client may speak to one port for all hosts.

    :ivar service: as error bodies name it.
    :ivar serve: takes the call and the path's groups.
    """

    methods: tuple[str, ...]
    path: re.Pattern[str]
    serve: Callable[..., Act]
    service: str = FCM


def _route(methods: str, path: str, serve: Callable[..., Act], service: str = FCM) -> _Route:
    return _Route(tuple(methods.split()), re.compile(path), serve, service)


def _in_project(serve: Callable[..., Act]) -> Callable[..., Act]:
    """The path's first group is the project."""

    def run(call: Call, project: str, *rest: str | None) -> Act:
        call.project = project
        return serve(call, *rest)

    return run


def _no_boundary(call: Call, _email: str) -> Act:
    """Where an account may be used from: anywhere. google-auth asks in the background, firebase-admin never waits."""
    return accepted(call, "allowed-locations", {"locations": [], "encodedLocations": "0x0"})


_ACCOUNT = r"/v1/projects/-/serviceAccounts/([^/]+)"
_TOPICS = r"/v1/projects/([^/]+)/registrations/([^/]+)/topicSubscriptions"
_ROUTES = (
    _route("POST", r"/v1/projects/([^/]+)/messages(?::|%3A)send", _in_project(send)),
    _route("POST", r"/token|/o/oauth2/token|/oauth2/v[34]/token", oauth.token, "oauth2.googleapis.com"),
    _route("POST", r"/v1/token", oauth.exchange, "sts.googleapis.com"),
    _route("GET", r"/sandbox/subject-token", oauth.subject_token, "sts.googleapis.com"),
    _route("POST", rf"{_ACCOUNT}:generateAccessToken", oauth.impersonate, "iamcredentials.googleapis.com"),
    _route("GET", rf"{_ACCOUNT}/allowedLocations", _no_boundary, "iamcredentials.googleapis.com"),
    _route("GET POST", _TOPICS, _in_project(lambda call, one: registrations.serve(call, one, None))),
    _route("GET DELETE PATCH", rf"{_TOPICS}/([^/]+)", _in_project(registrations.serve)),
    _route("GET POST", r"/iid/info/([^/]+)", iid.info, "iid.googleapis.com"),
    _route("POST", r"/iid/v1:(batchAdd|batchRemove)", iid.batch, "iid.googleapis.com"),
    _route(
        "GET",
        r"/v1beta1/projects/([^/]+)/androidApps/([^/]+)/deliveryData",
        _in_project(data.deliveries),
        "fcmdata.googleapis.com",
    ),
    _route("GET POST", r"/fcm/notification", groups.notification),
)


class FcmEmulator:
    """Implements :class:`~pushctl.core.emulated.Emulator`."""

    vendor = "fcm"
    listeners = tuple(Listener(name, hosts, ENVIRONMENT) for name, hosts in _HOSTS.items())

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The named ones, then one for every code of the catalogue that these services say."""
        return scenarios.BOOK.all

    def provision(self, forge: Forge) -> Mapping[str, bytes]:
        """Service accounts as the console hands them out, the other credentials' files, and what signs tokens."""
        return provision(forge)

    def profile(self, folder: Path, environment: str, credentials: str) -> dict[str, Any]:
        """The throw-away profile; a service account by default. Raises ``KeyError`` for an unknown set."""
        return throw_away_profile(folder, environment, credentials)

    def handsets(self, environment: str) -> tuple[Handset, ...]:
        """The live ones of every kind, then one for every named scenario that a token can have."""
        acting = {name: each for name, each in scenarios.BOOK.named.items() if name in scenarios.by_device()}
        return handsets.listed(acting, environment)

    def handset_for(self, message: Message, environment: str, scenario: str | None) -> Handset:
        """Of the kind that the message needs: the scenario's, or the live one."""
        kind = handsets.kind_for(message)
        found = scenarios.by_device().get(scenario or "")
        device = handsets.live(kind) if found is None else handsets.of_scenario(kind, found)
        about = found.about if found else handsets.KINDS[kind]
        return Handset(device.token, environment, device.kind, about, device.scenario)

    def greet(self, peer: Peer, world: World) -> Act | None:  # noqa: ARG002 - nothing happens before a request
        """Nothing is said before the first request."""
        return None

    def serve(self, seen: Seen, peer: Peer, world: World) -> Act:
        """Answer one request, as late as the scenario wants it."""
        scenario = scenarios.BOOK.of(world)
        scenes.set_clock(world, scenario)
        call = call_of(seen, peer, world)
        for route in _ROUTES:
            match = route.path.fullmatch(call.path)
            if match is not None and seen.method in route.methods:
                call.service = route.service
                act = route.serve(call, *match.groups())
                return act if route.serve in (oauth.token, oauth.exchange) else scenes.flavoured(act, scenario)
        return _nothing_here(call)


def _nothing_here(call: Call) -> Act:
    """The retired endpoints, each with the page that it answers today, and any other path."""
    if call.path == "/batch":
        said = _BATCH_PAGE
        note = "retired in 2024 (firebase-admin-python issue 854)"
        return refused(call, Refusal("HTTP_404_HTML", "retired-batch", note, said))
    retired = call.path == "/fcm/send"
    note = "retired in 2024 (decision-labs/fcm issue 136)" if retired else "the page of this path is unproved"
    return refused(call, Refusal("HTTP_404_HTML", "retired-send" if retired else "path", note))


_BATCH_PAGE = (
    "<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n"
    "<p><b>404.</b> <ins>That’s an error.</ins>\n"
    "<p>The requested URL <code>/batch</code> was not found on this server. <ins>That’s all we know.</ins>\n"
)

EMULATOR = FcmEmulator()
