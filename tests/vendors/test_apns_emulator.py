"""The emulated APNs as a pure machine: a request and the world in, an act out."""

from __future__ import annotations

import base64
import json
import secrets
import time
import uuid
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.emulated import Act, Peer, Seen, World
from pushctl.core.message import Assignment, Message
from pushctl.sandbox import forge
from pushctl.vendors.apns.emulator import EMULATOR
from pushctl.vendors.apns.emulator_certificate import read_topics
from pushctl.vendors.apns.emulator_credentials import BY_ENVIRONMENT, CERTIFICATES, KEYS, write_topics
from pushctl.vendors.apns.emulator_handsets import KINDS, PUSH_TYPES, make_token

BUNDLE = "com.example.app"
BODY = b'{"aps":{"alert":"Hi"}}'
LISTENERS = {listener.name: listener for listener in EMULATOR.listeners}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("apns"), [EMULATOR]).credentials("apns")


class Bench:
    """One world, one connection at a time, a clock that the test turns."""

    def __init__(self, folder: Path, listener: str = "sandbox", **settings: Any) -> None:
        self.folder = folder
        self.now = time.time()
        self.world = World(lambda: self.now, secrets.token_bytes, folder, **settings)
        self.listener = listener
        self._tokens: dict[tuple[str, float], str] = {}
        self.connect()

    def connect(self, listener: str = "", certificate: str = "") -> Act | None:
        """A new connection; with a certificate, what the server says to it."""
        self.listener = listener or self.listener
        self.peer = Peer(LISTENERS[self.listener], 1)
        if certificate:
            environment = self.peer.listener.environment
            named = EMULATOR.profile(self.folder, environment, certificate)["credentials"]["certificate"]
            pem = Path(named.removeprefix("file:")).read_bytes()
            self.peer.certificate = x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
        return EMULATOR.greet(self.peer, self.world)

    @property
    def environment(self) -> str:
        return self.peer.listener.environment

    def key(self, credentials: str) -> Any:
        name = BY_ENVIRONMENT.get(credentials, {}).get(self.environment, credentials)
        return load_pem_private_key((self.folder / KEYS[name].file).read_bytes(), None)

    def sign(self, credentials: str = "token", claims: dict[str, Any] | None = None, **header: Any) -> str:
        """A provider token, the same one for the same key and second."""
        key = KEYS[credentials]
        body = {"iss": key.team, "iat": int(self.now)} if claims is None else claims
        fixed = claims is None and not header
        place = (credentials, int(self.now))
        if fixed and place in self._tokens:
            return self._tokens[place]
        token = jwt.encode(body, self.key(credentials), "ES256", headers={"kid": key.key_id, **header})
        if fixed:
            self._tokens[place] = token
        return token

    def send(
        self,
        path: str | None = None,
        body: bytes = BODY,
        *,
        method: str = "POST",
        credentials: str = "token",
        token: str | None = None,
        extra: tuple[tuple[str, str], ...] = (),
        kind: str = "app",
        **headers: str | None,
    ) -> Act:
        """A push; header names with ``_`` for ``-``, None leaves one out."""
        push_type = KINDS[kind][0]
        fields: dict[str, str | None] = {
            "authorization": f"bearer {self.sign(credentials)}",
            "apns-topic": BUNDLE + PUSH_TYPES[push_type].suffix,
            "apns-push-type": push_type,
            "apns-priority": "5",
        }
        fields.update({name.replace("_", "-"): value for name, value in headers.items()})
        if path is None:
            path = f"/3/device/{make_token(self.environment, kind) if token is None else token}"
        sent = tuple((name, value) for name, value in fields.items() if value is not None)
        return EMULATOR.serve(Seen(method, path, (*sent, *extra), body), self.peer, self.world)

    def code(self, *args: Any, **settings: Any) -> str | None:
        """The reason of a push's refusal, None when it was accepted; checks that act and body agree."""
        act = self.send(*args, **settings)
        return reason(act)


def reason(act: Act) -> str | None:
    assert act.response is not None
    if act.response.status < 300:
        assert act.code is None
        return None
    told = json.loads(act.response.body)
    assert told["reason"] == act.code
    return str(told["reason"])


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(folder)


# --- answers


def test_acceptance_has_no_body_and_the_callers_id_unchanged(bench: Bench) -> None:
    given_id = "123E4567-e89b-12d3-a456-4266554400a0"
    response = bench.send(apns_id=given_id).response
    assert response is not None
    assert (response.status, response.body, response.header("apns-id")) == (200, b"", given_id)


def test_generated_id_is_upper_case_and_the_unique_id_lower_case(bench: Bench) -> None:
    response = bench.send().response
    assert response is not None
    made, unique = response.header("apns-id"), response.header("apns-unique-id")
    assert made == str(uuid.UUID(made)).upper()
    assert unique == str(uuid.UUID(unique))


def test_unique_id_is_for_the_sandbox_environment_only(folder: Path) -> None:
    response = Bench(folder, "production").send().response
    assert response is not None
    assert (response.status, response.header("apns-unique-id")) == (200, None)


def test_gone_tells_since_when_in_milliseconds(bench: Bench) -> None:
    response = bench.send(token=make_token("sandbox", "app", "token-dead")).response
    assert response is not None
    told = json.loads(response.body)
    assert (response.status, told["reason"]) == (410, "Unregistered")
    assert 0 < bench.now * 1000 - told["timestamp"] < 30 * 86400 * 1000


def test_first_acceptance_opens_the_stream_limit_once(bench: Bench) -> None:
    assert bench.send(token="abcd").max_streams is None
    assert bench.send().max_streams == 1000
    assert bench.send().max_streams is None


# --- order of checks


def test_method_comes_before_path_and_path_before_authentication(bench: Bench) -> None:
    assert bench.code("/nowhere", method="GET") == "MethodNotAllowed"
    assert bench.code("/nowhere", authorization=None) == "BadPath"
    assert bench.code("/3/device/a/b") == "BadPath"
    assert bench.code("/3/devices") == "BadPath"


def test_authentication_comes_before_headers_topic_token_and_payload(bench: Bench) -> None:
    wrong = {"apns_priority": "7", "apns_topic": None, "token": "", "body": b""}
    assert bench.code(authorization=None, **wrong) == "MissingProviderToken"
    assert bench.code(**wrong) == "BadPriority"
    del wrong["apns_priority"]
    assert bench.code(**wrong) == "MissingTopic"
    del wrong["apns_topic"]
    assert bench.code(**wrong) == "MissingDeviceToken"
    assert bench.code("/3/device") == "MissingDeviceToken"
    assert bench.code(body=b"") == "PayloadEmpty"


# --- provider tokens


@pytest.mark.parametrize("value", [None, "", "bearer", "bearer ", "basic abc", "abc"])
def test_missing_provider_token(bench: Bench, value: str | None) -> None:
    assert bench.code(authorization=value) == "MissingProviderToken"


@pytest.mark.parametrize("scheme", ["bearer", "Bearer", "BEARER"])
def test_scheme_in_any_letter_case(bench: Bench, scheme: str) -> None:
    assert bench.code(authorization=f"{scheme} {bench.sign()}") is None


def test_signature_in_der_form_is_taken(bench: Bench) -> None:
    head, claims, signature = bench.sign().split(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    half = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    der = base64.urlsafe_b64encode(utils.encode_dss_signature(*half)).decode().rstrip("=")
    assert bench.code(authorization=f"bearer {head}.{claims}.{der}") is None


def test_padded_plain_base64_is_taken(bench: Bench) -> None:
    parts = [
        json.dumps({"alg": "ES256", "kid": KEYS["token"].key_id}),
        json.dumps({"iss": "SBXTEAM001", "iat": bench.now}),
    ]
    signed = ".".join(base64.b64encode(part.encode()).decode() for part in parts)
    signature = bench.key("token").sign(signed.encode(), ec.ECDSA(SHA256()))
    assert bench.code(authorization=f"bearer {signed}.{base64.b64encode(signature).decode()}") is None


def test_extra_claims_and_typ_are_tolerated(bench: Bench) -> None:
    claims = {"iss": "SBXTEAM001", "iat": int(bench.now), "kid": "x", "exp": 1}
    assert bench.code(authorization=f"bearer {bench.sign(claims=claims, typ='JWT')}") is None


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "OTHERTEAM1"},
        {"iss": ""},
        {"iat": "1437179036"},
        {"iat": None},
        {"iat": True},
    ],
)
def test_claims_that_are_not_right(bench: Bench, claims: dict[str, Any]) -> None:
    whole = {"iss": "SBXTEAM001", "iat": int(bench.now), **claims}
    assert bench.code(authorization=f"bearer {bench.sign(claims=whole)}") == "InvalidProviderToken"


def test_signature_of_another_key_unknown_and_revoked_keys(bench: Bench) -> None:
    forged = jwt.encode(
        {"iss": "SBXTEAM001", "iat": int(bench.now)}, bench.key("token-second"), "ES256", {"kid": "SBXKEYALL1"}
    )
    assert bench.code(authorization=f"bearer {forged}") == "InvalidProviderToken"
    assert bench.code(credentials="token-unknown") == "InvalidProviderToken"
    assert bench.code(credentials="token-revoked") == "InvalidProviderToken"


@pytest.mark.parametrize("token", ["x", "a.b.c", "..", "e30.e30.", "e30.e30.AAAA", "bnVsbA.bnVsbA.AAAA", "\udcff.x.y"])
def test_broken_tokens(bench: Bench, token: str) -> None:
    assert bench.code(authorization=f"bearer {token}") == "InvalidProviderToken"


def test_other_algorithms_are_refused(bench: Bench) -> None:
    token = jwt.encode({"iss": "SBXTEAM001", "iat": int(bench.now)}, "x" * 32, "HS256", {"kid": "SBXKEYALL1"})
    assert bench.code(authorization=f"bearer {token}") == "InvalidProviderToken"


@pytest.mark.parametrize(
    ("age", "code"), [(3600, None), (3601, "ExpiredProviderToken"), (-3600, None), (-3601, "ExpiredProviderToken")]
)
def test_token_lives_for_an_hour(bench: Bench, age: int, code: str | None) -> None:
    claims = {"iss": "SBXTEAM001", "iat": bench.now - age}
    assert bench.code(authorization=f"bearer {bench.sign(claims=claims)}") == code


def test_token_grows_old_on_an_open_connection(bench: Bench) -> None:
    token = f"bearer {bench.sign()}"
    assert bench.code(authorization=token) is None
    bench.now += 3601
    assert bench.code(authorization=token) == "ExpiredProviderToken"


def test_connection_that_said_expired_stays_refused_in_strict_mode_only(folder: Path) -> None:
    for strict in (True, False):
        bench = Bench(folder, strict=strict)
        old = bench.sign(claims={"iss": "SBXTEAM001", "iat": int(bench.now) - 4000})
        assert bench.code(authorization=f"bearer {old}") == "ExpiredProviderToken"
        assert bench.code() == ("ExpiredProviderToken" if strict else None)
        bench.connect()
        assert bench.code() is None


def test_second_token_within_twenty_minutes_on_a_connection(bench: Bench) -> None:
    assert bench.code() is None
    bench.now += 1199
    assert bench.code() == "TooManyProviderTokenUpdates"
    bench.now += 1
    assert bench.code() is None
    bench.now += 10
    bench.connect()
    assert bench.code() is None


# --- keys and what a connection remembers


def test_key_of_the_other_environment(folder: Path) -> None:
    assert Bench(folder, "sandbox").code(credentials="token-production") == "BadEnvironmentKeyInToken"
    assert Bench(folder, "production").code(credentials="token-sandbox") == "BadEnvironmentKeyInToken"
    assert Bench(folder, "production").code(credentials="token-production") is None
    assert Bench(folder, "sandbox").code(credentials="token-sandbox") is None


def test_connection_is_fixed_by_its_first_accepted_push(bench: Bench) -> None:
    assert bench.code(token="abcd") == "BadDeviceToken"
    assert bench.code(credentials="token-second") is None
    assert bench.code() == "UnrelatedKeyIdInToken"
    assert bench.code(credentials="token-topic-sandbox") == "UnrelatedKeyIdInToken"
    assert bench.code(credentials="token-production") == "BadEnvironmentKeyIdInToken"
    assert bench.code(credentials="token-other-team") == "Forbidden"


def test_related_topic_keys_share_a_connection(bench: Bench) -> None:
    assert bench.code(credentials="token-topic-sandbox") is None
    assert bench.code(credentials="token-topic-related") is None
    assert bench.code(credentials="token-topic-sandbox") is None
    assert bench.code() == "UnrelatedKeyIdInToken"


def test_topic_key_serves_its_topics_only(bench: Bench) -> None:
    assert bench.code(credentials="token-topic-sandbox", kind="voip") is None
    assert bench.code(credentials="token-topic-sandbox", apns_topic="com.example.elsewhere") == "TopicDisallowed"


def test_profiles_own_app_counts_as_the_credentials_app(folder: Path) -> None:
    bench = Bench(folder, app={"bundle_id": "org.example.mine"})
    assert bench.code(credentials="token-topic-sandbox", apns_topic="org.example.mine") is None
    bench.connect(certificate="certificate-pem")
    assert bench.code(authorization=None, apns_topic="org.example.mine") is None


# --- certificates


def test_certificate_needs_no_token_and_opens_all_streams(bench: Bench) -> None:
    greeting = bench.connect(certificate="certificate-pem")
    assert greeting is not None
    assert (greeting.goaway, greeting.max_streams) == (None, 1000)
    assert bench.code(authorization=None) is None
    assert bench.code(authorization="bearer rubbish") is None
    assert bench.code(authorization=None, kind="voip") is None
    assert bench.code(authorization=None, apns_topic=None) == "MissingTopic"
    assert bench.code(authorization=None, apns_topic="com.example.elsewhere") == "TopicDisallowed"


@pytest.mark.parametrize("kind", ["location", "liveactivity", "fileprovider", "widgets", "controls"])
def test_push_types_that_no_certificate_covers(bench: Bench, kind: str) -> None:
    bench.connect(certificate="certificate-pem")
    assert bench.code(authorization=None, kind=kind) == "TopicDisallowed"


def test_single_topic_certificate_has_a_default_topic(bench: Bench) -> None:
    for name in ("certificate-single-topic", "certificate-sandbox"):
        bench.connect(certificate=name)
        assert bench.code(authorization=None, apns_topic=None) is None


def test_voip_certificate_has_the_voip_topic(bench: Bench) -> None:
    bench.connect(certificate="certificate-voip")
    assert bench.code(authorization=None, kind="voip") is None
    assert bench.code(authorization=None) == "TopicDisallowed"


@pytest.mark.parametrize(
    ("certificate", "code"),
    [("certificate-wrong-environment", "BadCertificateEnvironment"), ("certificate-no-push", "BadCertificate")],
)
@pytest.mark.parametrize("listener", ["sandbox", "production"])
def test_certificate_that_does_not_fit_is_told_in_a_goaway(
    bench: Bench, listener: str, certificate: str, code: str
) -> None:
    greeting = bench.connect(listener, certificate)
    assert greeting is not None
    assert (greeting.goaway, greeting.code) == (b'{"reason":"%s"}' % code.encode(), code)


def test_list_of_topics_of_pushys_certificate() -> None:
    value = bytes.fromhex(
        "30730C14636F6D2E656174746865706174682E707573687930050C036170700C19636F6D2E656174746865706174682E70757368792E766F"
        "697030060C04766F69700C21636F6D2E656174746865706174682E70757368792E636F6D706C69636174696F6E300E0C0C636F6D706C6963"
        "6174696F6E"
    )
    base = "com.eatthepath.pushy"
    topics = [(base, ("app",)), (f"{base}.voip", ("voip",)), (f"{base}.complication", ("complication",))]
    assert read_topics(value) == topics
    assert write_topics(tuple((topic, kinds[0]) for topic, kinds in topics)) == value


@given(st.lists(st.tuples(st.text(), st.sampled_from(["app", "voip"])), max_size=60).map(tuple))
def test_topics_survive_writing_and_reading(topics: tuple[tuple[str, str], ...]) -> None:
    assert read_topics(write_topics(topics)) == [(topic, (kind,)) for topic, kind in topics]


@given(st.binary(max_size=40))
def test_anything_else_is_a_value_error(value: bytes) -> None:
    try:
        topics = read_topics(value)
    except ValueError:
        return
    assert all(isinstance(name, str) for name, _ in topics)


# --- headers


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("apns-id", "123", "BadMessageId"),
        ("apns-id", "123e4567e89b12d3a4564266554400a0", "BadMessageId"),
        ("apns-id", "", "BadMessageId"),
        ("apns-push-type", "notification", "InvalidPushType"),
        ("apns-push-type", "", "InvalidPushType"),
        ("apns-priority", "high", "BadPriority"),
        ("apns-priority", "7", "BadPriority"),
        ("apns-priority", "1", None),
        ("apns-priority", None, None),
        ("apns-expiration", "tomorrow", "BadExpirationDate"),
        ("apns-expiration", "1.5", "BadExpirationDate"),
        ("apns-expiration", "-1", "BadExpirationDate"),
        ("apns-expiration", "²", "BadExpirationDate"),
        ("apns-expiration", "0", None),
        ("apns-expiration", "300", None),
        ("apns-collapse-id", "x" * 64, None),
        ("apns-collapse-id", "x" * 65, "BadCollapseId"),
        ("apns-collapse-id", "é" * 33, "BadCollapseId"),
        ("apns-push-type", None, None),
        ("apns-topic", None, "MissingTopic"),
        ("apns-topic", "com.example app", "BadTopic"),
        ("apns-topic", "app", "BadTopic"),
        ("apns-topic", "com.example.app.push-type.nonsense", "BadTopic"),
        ("apns-topic", "com.example.app.voip", "TopicDisallowed"),
        ("apns-topic", "com.example.other-team", "TopicDisallowed"),
        ("apns-topic", "com.example.any.other", None),
    ],
)
def test_headers_one_by_one(bench: Bench, header: str, value: str | None, code: str | None) -> None:
    assert bench.code(**{header.replace("-", "_"): value}) == code


def test_repeated_header(bench: Bench) -> None:
    assert bench.code(extra=(("apns-topic", BUNDLE),)) == "DuplicateHeaders"


def test_background_with_priority_ten_is_refused_in_strict_mode_only(folder: Path) -> None:
    strict, lenient = Bench(folder), Bench(folder, strict=False)
    assert strict.code(apns_push_type="background") is None
    for priority in ("10", None):
        assert strict.code(apns_push_type="background", apns_priority=priority) == "BadPriority"
        act = lenient.send(apns_push_type="background", apns_priority=priority)
        assert reason(act) is None
        assert "would not get it" in act.note


# --- tokens and payloads


@pytest.mark.parametrize("environment", ["sandbox", "production"])
@pytest.mark.parametrize("kind", KINDS)
def test_live_handset_of_every_kind_takes_its_push_type(folder: Path, environment: str, kind: str) -> None:
    bench = Bench(folder, environment)
    assert bench.code(kind=kind, apns_priority="5") is None
    assert bench.code(kind=kind, apns_topic="org.example.any" + PUSH_TYPES[KINDS[kind][0]].suffix) is None


def test_token_of_another_kind_is_not_for_the_topic(bench: Bench) -> None:
    assert bench.code(kind="voip", token=make_token("sandbox", "app")) == "DeviceTokenNotForTopic"
    assert bench.code(token=make_token("sandbox", "voip")) == "DeviceTokenNotForTopic"
    assert bench.code(kind="voip", apns_topic=f"{BUNDLE}.voip.voip") == "DeviceTokenNotForTopic"


def test_tokens_that_this_environment_does_not_know(bench: Bench) -> None:
    for token in (make_token("production", "app"), "ab" * 32, "abcd", "not-hex", "%20", "x" * 5000):
        assert bench.code(token=token) == "BadDeviceToken"
    assert bench.code(token=make_token("sandbox", "app").upper()) is None


def test_token_of_another_app_is_good_for_that_app(bench: Bench) -> None:
    token = make_token("sandbox", "app", "wrong-topic")
    assert bench.code(token=token) == "DeviceTokenNotForTopic"
    assert bench.code(token=token, apns_topic="com.example.another-app") is None


@pytest.mark.parametrize(("kind", "limit"), [("app", 4096), ("liveactivity", 4096), ("voip", 5120)])
def test_payload_limits_by_push_type(bench: Bench, kind: str, limit: int) -> None:
    def body(size: int) -> bytes:
        return b'{"x":"' + b"a" * (size - 8) + b'"}'

    assert bench.code(kind=kind, body=body(limit)) is None
    assert bench.code(kind=kind, body=body(limit + 1)) == "PayloadTooLarge"


def test_body_that_is_no_json_is_taken_and_noted(bench: Bench) -> None:
    for body in (b"not json", b"[1]", b"\xff", b"[" * 4000):
        act = bench.send(body=body)
        assert reason(act) is None
        assert "Unproved" in act.note


# --- handsets


def test_tokens_are_the_same_on_every_machine_and_of_the_right_size() -> None:
    tokens = {handset.kind: handset.token for handset in EMULATOR.handsets("sandbox") if not handset.scenario}
    assert tokens["app"] == "7bcf2aa6fd79a388d58e005639ead453819509a9a9db7195c5978a3583a24093"
    assert {kind: len(token) for kind, token in tokens.items() if len(token) != 64} == {
        "liveactivity": 160,
        "push-to-start": 160,
    }


def test_first_handset_of_a_kind_is_the_live_one_and_none_is_given_out_twice() -> None:
    both = (*EMULATOR.handsets("sandbox"), *EMULATOR.handsets("production"))
    assert len({handset.token for handset in both}) == len(both)
    assert {handset.kind for handset in both if not handset.scenario} == set(KINDS)
    assert both[0].scenario == ""


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (Message(title="Hi"), "app"),
        (Message(silent=True), "app"),
        (Message(options={"apns": {"push_type": "voip"}}), "voip"),
        (Message(headers=(("APNS-Push-Type", "widgets"),)), "widgets"),
        (Message(assignments=(Assignment("aps.event", "update"),)), "liveactivity"),
        (Message(assignments=(Assignment("aps.event", "start"),)), "push-to-start"),
        (Message(raw=b'{"aps":{"event":"start"}}'), "push-to-start"),
        (Message(raw=b'{"aps":{"content-changed":true}}'), "widgets"),
        (Message(raw=b"["), "app"),
        (Message(options={"apns": {"push_type": "nonsense"}}), "app"),
    ],
)
def test_handset_for_a_message(message: Message, kind: str) -> None:
    assert EMULATOR.handset_for(message, "sandbox", None).kind == kind


# --- broadcast channels


class Channels(Bench):
    """Management and publishing for one app."""

    def manage(
        self, method: str, what: str = "channels", body: bytes = b"", bundle: str = BUNDLE, **headers: str | None
    ) -> Act:
        path = f"/1/apps/{bundle}/{what}"
        bare = {"apns_topic": None, "apns_push_type": None, "apns_priority": None}
        return self.send(path, body, method=method, **{**bare, **headers})

    def create(self, policy: int = 1) -> str:
        act = self.manage(
            "POST", body=json.dumps({"message-storage-policy": policy, "push-type": "LiveActivity"}).encode()
        )
        assert act.response is not None
        assert (act.response.status, act.response.body) == (201, b"")
        return act.response.header("apns-channel-id") or ""

    def publish(self, channel: str | None, bundle: str = BUNDLE, **headers: Any) -> Act:
        fields = {"apns_topic": None, "apns_push_type": "liveactivity", "apns_expiration": "0", **headers}
        return self.send(f"/4/broadcasts/apps/{bundle}", apns_channel_id=channel, **fields)


@pytest.fixture
def channels(folder: Path) -> Channels:
    return Channels(folder, "manage-sandbox")


def test_channel_is_created_read_listed_and_deleted(channels: Channels) -> None:
    one, other = channels.create(1), channels.create(0)
    read = channels.manage("GET", apns_channel_id=one).response
    listed = channels.manage("GET", "all-channels").response
    assert read is not None
    assert listed is not None
    assert json.loads(read.body) == {"message-storage-policy": 1, "push-type": "LiveActivity"}
    assert json.loads(listed.body) == {"channels": [one, other]}
    deleted = channels.manage("DELETE", apns_channel_id=one).response
    assert deleted is not None
    assert (deleted.status, deleted.body) == (204, b"")
    assert reason(channels.manage("GET", apns_channel_id=one)) == "ChannelNotRegistered"


def test_request_id_is_echoed_or_made(channels: Channels) -> None:
    given_id = "123e4567-e89b-12d3-a456-4266554400A0"
    echoed = channels.manage("GET", "all-channels", apns_request_id=given_id).response
    made = channels.manage("GET", "all-channels").response
    assert echoed is not None
    assert made is not None
    assert echoed.header("apns-request-id") == given_id
    assert uuid.UUID(made.header("apns-request-id"))
    assert made.header("apns-id") is None


@pytest.mark.parametrize(
    ("method", "what", "body", "headers", "code"),
    [
        ("PUT", "channels", b"", {}, "MethodNotAllowed"),
        ("POST", "all-channels", b"", {}, "MethodNotAllowed"),
        ("GET", "nothing", b"", {}, "BadPath"),
        ("GET", "channels", b"", {}, "MissingChannelId"),
        ("GET", "channels", b"", {"apns_channel_id": "%%%"}, "BadChannelId"),
        ("GET", "channels", b"", {"apns_channel_id": "QUJD" * 40}, "BadChannelId"),
        ("DELETE", "channels", b"", {"apns_channel_id": "QUJD"}, "ChannelNotRegistered"),
        ("GET", "all-channels", b"", {"apns_request_id": "1"}, "BadMessageId"),
        ("GET", "all-channels", b"", {"authorization": None}, "MissingProviderToken"),
        ("GET", "all-channels", b"", {"bundle": "com.example.no-broadcast"}, "FeatureNotEnabled"),
        ("GET", "all-channels", b"", {"bundle": "com.example.other-team"}, "TopicMismatch"),
        ("GET", "all-channels", b"", {"bundle": "com.example.app.push-type.liveactivity"}, "TopicDisallowed"),
        ("POST", "channels", b"", {}, "PayloadEmpty"),
        ("POST", "channels", b"{", {}, "BadRequestPayload"),
        ("POST", "channels", b"[]", {}, "BadRequestPayload"),
        ("POST", "channels", b'{"message-storage-policy":0}', {}, "MissingPushType"),
        ("POST", "channels", b'{"message-storage-policy":0,"push-type":"alert"}', {}, "InvalidPushType"),
        ("POST", "channels", b'{"message-storage-policy":2,"push-type":"LiveActivity"}', {}, "BadRequestPayload"),
        ("POST", "channels", b'{"message-storage-policy":true,"push-type":"LiveActivity"}', {}, "BadRequestPayload"),
        ("POST", "channels", b'{"storage":0,"push-type":"LiveActivity"}', {}, "BadRequestParams"),
        ("POST", "channels", b'{"message-storage-policy":0,"push-type":"liveactivity"}', {}, None),
    ],
)
def test_channel_management_one_by_one(
    channels: Channels, method: str, what: str, body: bytes, headers: dict[str, Any], code: str | None
) -> None:
    assert reason(channels.manage(method, what, body, **headers)) == code


def test_no_more_channels_than_ten_thousand(channels: Channels) -> None:
    channels.create()
    kept = next(value for name, value in channels.world.state.items() if name.startswith("channels "))
    kept.update({str(number): 1 for number in range(9998)})
    channels.create()
    body = b'{"message-storage-policy":1,"push-type":"LiveActivity"}'
    assert reason(channels.manage("POST", body=body)) == "CannotCreateChannelConfig"


def test_channels_do_not_cross_environments(channels: Channels) -> None:
    channel = channels.create()
    channels.connect("manage-production")
    assert reason(channels.manage("GET", apns_channel_id=channel)) == "ChannelNotRegistered"


def test_broadcast_is_published_to_a_channel(channels: Channels) -> None:
    stored, passing = channels.create(1), channels.create(0)
    channels.connect("sandbox")
    response = channels.publish(stored).response
    assert response is not None
    assert (response.status, response.body) == (200, b"")
    assert uuid.UUID(response.header("apns-request-id"))
    assert uuid.UUID(response.header("apns-unique-id"))
    later = str(int(channels.now) + 600)
    for channel, headers, code in (
        (stored, {"apns_expiration": later}, None),
        (passing, {"apns_expiration": later}, "BadExpirationDate"),
        (stored, {"apns_expiration": None}, "BadExpirationDate"),
        (stored, {"apns_push_type": None}, "MissingPushType"),
        (stored, {"apns_push_type": "alert"}, "InvalidPushType"),
        (stored, {"apns_push_type": "Liveactivity"}, None),
        (stored, {"apns_priority": None}, "BadPriority"),
        (stored, {"body": b""}, "PayloadEmpty"),
        (stored, {"body": b"{"}, "BadRequestPayload"),
        (stored, {"body": b'{"x":"%s"}' % (b"a" * 5112)}, None),
        (stored, {"body": b'{"x":"%s"}' % (b"a" * 5113)}, "PayloadTooLarge"),
        (None, {}, "MissingChannelId"),
        ("QUJD", {}, "ChannelNotRegistered"),
        (stored, {"bundle": "com.example.other-team"}, "TopicMismatch"),
    ):
        assert reason(channels.publish(channel, **headers)) == code, (channel, headers)


def test_every_certificate_is_made_as_declared(folder: Path) -> None:
    for name, wanted in CERTIFICATES.items():
        if wanted.form != "pem":
            continue
        certificate = x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())
        oids = {extension.oid.dotted_string for extension in certificate.extensions}
        assert ("1.2.840.113635.100.6.3.1" in oids) is ("sandbox" in wanted.environments)
        assert ("1.2.840.113635.100.6.3.2" in oids) is ("production" in wanted.environments)
        assert (certificate.not_valid_after_utc.timestamp() < time.time()) is wanted.expired
