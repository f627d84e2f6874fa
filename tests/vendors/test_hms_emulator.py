"""The emulated Push Kit v1/v2 and its OAuth service as a pure machine: a request and the world in, an act out."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from huawei_emulator_bench import AUDIENCE, FORM, Bench, code, listed, told
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.emulated import Act, Seen
from pushctl.sandbox import forge
from pushctl.vendors.hms.emulator import EMULATOR
from pushctl.vendors.hms.emulator_credentials import APP, OTHER_APP, OTHER_PROJECT, PROJECT
from pushctl.vendors.hms.emulator_handsets import token_of

SEND = f"/v1/{APP}/messages:send"
LIVE = token_of()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("hms"), [EMULATOR]).credentials("hms")


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(EMULATOR, folder)


def notification(*tokens: str, **android: Any) -> dict[str, Any]:
    """The smallest notification; ``android`` merges into message.android.notification."""
    shown = {"click_action": {"type": 3}, **android}
    message = {"notification": {"title": "Hi", "body": "There"}, "android": {"notification": shown}}
    return {"validate_only": False, "message": {**message, "token": list(tokens or [LIVE])}}


def data(**android: Any) -> dict[str, Any]:
    return {"message": {"data": '{"cmd":"sync"}', "android": android, "token": [LIVE]}}


def send(bench: Bench, document: Any, path: str = SEND, authorization: str | None = "fresh") -> Act:
    """A push with a fresh access token unless another authorization is given."""
    given_one = f"Bearer {bench.access_token()}" if authorization == "fresh" else authorization
    return bench.post(path, document, given_one)


# --- the token endpoint


def test_access_token_comes_with_escaped_slashes_and_is_not_to_be_stored(bench: Bench) -> None:
    response = bench.token_call().response
    assert response is not None
    assert b"\\/" in response.body
    document = json.loads(response.body)
    assert "/" in document["access_token"]
    assert (document["expires_in"], document["token_type"]) == (3600, "Bearer")
    assert (response.header("cache-control"), response.header("date") is not None) == ("no-store", True)


def test_secret_has_every_character_that_a_form_must_encode(bench: Bench) -> None:
    assert set("+/=&") <= set(bench.secret())


def test_old_token_path_is_served(bench: Bench) -> None:
    assert bench.token_call(path="/oauth2/v2/token").code is None


@pytest.mark.parametrize(
    ("fields", "sub_error"),
    [
        ({"grant_type": None}, 20182),
        ({"grant_type": "authorization_code"}, 20182),
        ({"client_id": "app"}, 20002),
        ({"client_id": None}, 20002),
        ({"client_id": "1" * 65}, 20002),
        ({"client_secret": None}, 20171),
        ({"client_id": "100000009"}, 20003),
        ({"client_secret": "guess"}, 12304),
        ({"client_id": OTHER_APP}, 12304),
        ({"client_secret": "guess\n"}, 20172),
    ],
)
def test_refused_token_request(bench: Bench, fields: dict[str, str | None], sub_error: int) -> None:
    act = bench.token_call(**fields)
    assert act.response is not None
    document = json.loads(act.response.body)
    assert act.response.status == 400
    assert (document["error"], document["sub_error"]) == (1101, sub_error)
    assert act.code == f"1101/{sub_error}"


def test_secret_that_is_not_percent_encoded_is_refused(bench: Bench) -> None:
    plain = f"grant_type=client_credentials&client_id={APP}&client_secret={bench.secret()}".encode()
    assert bench.token_call(body=plain).code == "1101/12304"
    assert bench.token_call(body=b"grant_type=client_credentials&client_id=1&x").code == "1101/20152"


def test_form_that_does_not_say_that_it_is_one_is_refused(bench: Bench) -> None:
    seen = Seen("POST", "/oauth2/v3/token", (("content-type", "application/json"),), b"{}")
    assert bench.serve(seen, "oauth").code == "1101/20152"


def test_method_and_path_of_the_token_endpoint(bench: Bench) -> None:
    wrong_method = bench.serve(Seen("GET", "/oauth2/v3/token", (FORM,), b""), "oauth").response
    assert wrong_method is not None
    assert wrong_method.status == 405
    assert bench.token_call(path="/oauth2/v1/token").code == "http/404"


def test_thousand_tokens_in_five_minutes_and_no_more(bench: Bench) -> None:
    acts = [bench.token_call() for _ in range(1000)]
    assert {act.code for act in acts} == {None}
    assert bench.token_call().code == "http/503"
    assert bench.token_call(client_id=OTHER_APP, client_secret=bench.secret("other")).code is None
    bench.now += 301
    assert bench.token_call().code is None


# --- who is asking


@pytest.mark.parametrize("value", [None, "", "Bearer", "Bearer ", "Basic abc", "abc"])
def test_missing_authorization(bench: Bench, value: str | None) -> None:
    assert code(send(bench, notification(), authorization=value)) == "80200001"


def test_access_token_lives_for_an_hour_and_for_the_next_process(folder: Path, bench: Bench) -> None:
    token = f"Bearer {bench.access_token()}"
    other = Bench(EMULATOR, folder)
    assert code(send(other, notification(), authorization=token)) == "80000000"
    other.now = bench.now + 3601
    assert code(send(other, notification(), authorization=token)) == "80200003"


def test_token_that_was_copied_badly(bench: Bench) -> None:
    token = bench.access_token()
    escaped = token.replace("/", "\\/")
    assert code(send(bench, notification(), authorization=f"Bearer {escaped}")) == "80200001"
    assert code(send(bench, notification(), authorization=f"Bearer {token[:-3]}")) == "80200003"
    assert code(send(bench, notification(), authorization="Bearer something-else")) == "80200001"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (SEND, "80000000"),
        (f"/v2/{PROJECT}/messages:send", "80000000"),
        (f"/v1/{OTHER_APP}/messages:send", "80200001"),
        (f"/v2/{OTHER_PROJECT}/messages:send", "80200001"),
        (f"/v1/{PROJECT}/messages:send", "80300002"),
        (f"/v2/{APP}/messages:send", "80300002"),
        (f"/v3/{PROJECT}/messages:send", "http/404"),
        (f"/v2/{PROJECT}/topic:list", "http/404"),
        (f"/v1/{APP}/messages:revoke", "http/404"),
        ("/pushsend.do", "http/404"),
    ],
)
def test_id_in_the_path_is_the_apps_in_v1_and_the_projects_in_v2(bench: Bench, path: str, expected: str) -> None:
    for authorization in (f"Bearer {bench.access_token()}", f"Bearer {bench.signed()}"):
        assert code(send(bench, notification(), path, authorization)) == expected


def test_ids_of_the_profile_stand_for_the_sandboxes_own(folder: Path) -> None:
    bench = Bench(EMULATOR, folder, app={"app_id": "777", "project_id": "888"})
    token = f"Bearer {bench.access_token(client_id='777')}"
    for path in ("/v1/777/messages:send", "/v2/888/messages:send", SEND):
        assert code(send(bench, notification(), path, token)) == "80000000"


def test_other_apps_credentials_make_every_token_look_invalid(bench: Bench) -> None:
    token = bench.access_token(client_id=OTHER_APP, client_secret=bench.secret("other"))
    act = send(bench, notification(), f"/v1/{OTHER_APP}/messages:send", f"Bearer {token}")
    assert (code(act), told(act)["msg"]) == ("80300007", "All the tokens are invalid")


# --- service accounts


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "80000000"),
        ({"account": "private-revoked"}, "80200001"),
        ({"account": "private-unknown"}, "80200001"),
        ({"account": "private-wrong-key"}, "80200001"),
        ({"account": "private-other-project"}, "80200001"),
        ({"key": "private-other-project"}, "80200001"),
        ({"algorithm": "RS256"}, "80200001"),
        ({"header": {"kid": "unknown"}}, "80200001"),
        ({"aud": "https://oauth-login.cloud.huawei.com/oauth2/v2/token"}, "80200001"),
        ({"aud": None}, "80200001"),
        ({"iss": "999"}, "80200001"),
        ({"iat": None}, "80200001"),
        ({"exp": "soon"}, "80200001"),
    ],
)
def test_jwt(bench: Bench, settings: dict[str, Any], expected: str) -> None:
    assert code(send(bench, notification(), authorization=f"Bearer {bench.signed(**settings)}")) == expected


@pytest.mark.parametrize(
    ("issued", "expires", "expected"),
    [
        (0, 86400, "80000000"),
        (0, 86401, "80300036"),
        (-3600, 0, "80200005"),
        (-3600, 1, "80000000"),
        (300, 3900, "80000000"),
        (301, 3901, "80200001"),
    ],
)
def test_moments_of_a_jwt(bench: Bench, issued: int, expires: int, expected: str) -> None:
    bench.now = float(int(bench.now))
    token = bench.signed(iat=int(bench.now) + issued, exp=int(bench.now) + expires)
    assert code(send(bench, notification(), authorization=f"Bearer {token}")) == expected


def hand_made(bench: Bench, header: dict[str, Any], salt: int = 32) -> str:
    """A JWT whose header is written as given."""
    account = json.loads((bench.folder / "private.json").read_text())
    now = int(bench.now)
    claims = {"iss": account["sub_account"], "aud": AUDIENCE, "iat": now, "exp": now + 3600}
    signed = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in (header, claims))
    key = load_pem_private_key(account["private_key"].encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    signature = key.sign(signed.encode(), padding.PSS(padding.MGF1(SHA256()), salt), SHA256())
    return f"Bearer {signed}.{base64.urlsafe_b64encode(signature).decode()}"


def test_header_without_kid_and_typ_is_taken_and_so_is_padding(bench: Bench) -> None:
    assert code(send(bench, notification(), authorization=hand_made(bench, {"alg": "PS256"}))) == "80000000"


def test_salt_is_32_bytes(bench: Bench) -> None:
    assert code(send(bench, notification(), authorization=hand_made(bench, {"alg": "PS256"}, 20))) == "80200001"


@pytest.mark.parametrize("token", ["a.b.c", "..", "e30.e30.", "e30.e30.AAAA", "bnVsbA.bnVsbA.AAAA", "\udcff.x.y"])
def test_broken_jwt(bench: Bench, token: str) -> None:
    assert code(send(bench, notification(), authorization=f"Bearer {token}")) == "80200001"


def test_clock_that_is_ahead_expires_a_jwt_and_shows_in_the_date(folder: Path) -> None:
    bench = Bench(EMULATOR, folder, scenario="clock-wrong")
    response = send(bench, notification(), authorization=f"Bearer {bench.signed()}").response
    assert response is not None
    assert json.loads(response.body)["code"] == "80200005"
    assert response.header("date") is not None


# --- the body


def changed(document: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    change(document)
    return document


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda m: None, "80000000"),
        (lambda m: m["android"].update(collapse_key=-1), "80000000"),
        (lambda m: m["android"].update(collapse_key=100), "80000000"),
        (lambda m: m["android"].update(collapse_key=-2), "80100013"),
        (lambda m: m["android"].update(collapse_key=101), "80100013"),
        (lambda m: m["android"].update(collapse_key="1"), "80100013"),
        (lambda m: m["android"].update(ttl="86400s"), "80000000"),
        (lambda m: m["android"].update(ttl="1000"), "80000000"),
        (lambda m: m["android"].update(ttl="3.5s"), "80000000"),
        (lambda m: m["android"].update(ttl="1296000s"), "80000000"),
        (lambda m: m["android"].update(ttl="1296001s"), "80100003"),
        (lambda m: m["android"].update(ttl=86400), "80100003"),
        (lambda m: m["android"].update(ttl="0s"), "80100004"),
        (lambda m: m["android"].update(ttl="1h"), "80100004"),
        (lambda m: m["android"].update(urgency="high"), "80100003"),
        (lambda m: m["android"].update(category="NEWS"), "80100003"),
        (lambda m: m["android"].update(category="IM"), "80000000"),
        (lambda m: m["android"].update(target_user_type=2), "80100003"),
        (lambda m: m["android"].update(fast_app_target=True), "80100003"),
        (lambda m: m.update(data={"a": 1}), "80100003"),
        (lambda m: m.update(data="plain text"), "80100003"),
        (lambda m: m.update(data='{"a":1}'), "80000000"),
        (lambda m: m["notification"].pop("title"), "80100003"),
        (lambda m: m["notification"].update(image="http://example.com/a.png"), "80100003"),
        (lambda m: m["android"]["notification"].pop("click_action"), "80100003"),
        (lambda m: m.pop("android"), "80100003"),
        (lambda m: m["android"]["notification"].update(click_action={"type": 1}), "80100003"),
        (lambda m: m["android"]["notification"].update(click_action={"type": 1, "action": "a.b"}), "80000000"),
        (lambda m: m["android"]["notification"].update(click_action={"type": 2}), "80100003"),
        (lambda m: m["android"]["notification"].update(click_action={"type": 2, "url": "https://e.com"}), "80000000"),
        (lambda m: m["android"]["notification"].update(click_action={"type": 5}), "80100003"),
        (lambda m: m["android"]["notification"].update(style=1), "80100003"),
        (lambda m: m["android"]["notification"].update(style=1, big_title="a", big_body="b"), "80000000"),
        (lambda m: m["android"]["notification"].update(style=3, inbox_content=["x"] * 6), "80100003"),
        (lambda m: m["android"]["notification"].update(badge={"add_num": 100}), "80100003"),
        (lambda m: m["android"]["notification"].update(badge={"set_num": 0, "class": "a.B"}), "80000000"),
        (lambda m: m["android"]["notification"].update(color="red"), "80100003"),
        (lambda m: m["android"]["notification"].update(title_loc_args=["a"]), "80100003"),
        (lambda m: m["android"]["notification"].update(vibrate_config=["61S"]), "80100003"),
        (lambda m: m["android"]["notification"].update(vibrate_config=["3.5S"]), "80000000"),
        (lambda m: m["android"]["notification"].update(light_settings={"color": {}}), "80100003"),
        (lambda m: m["android"]["notification"].update(buttons=[{"name": "a", "action_type": 1}]), "80100003"),
        (lambda m: m["android"]["notification"].update(importance="LOW", visibility="PUBLIC"), "80000000"),
        (lambda m: m.update(topic="news"), "80100003"),
        (lambda m: m.pop("token"), "80300010"),
        (lambda m: m.update(token=[]), "80300010"),
        (lambda m: m.update(token=LIVE), "80100003"),
        (lambda m: m.update(tokens=m.pop("token")), "80300010"),
        (lambda m: m.update(webpush={"headers": {"urgency": "fast"}}), "80100003"),
        (lambda m: m.update(apns={"payload": {"aps": {}}}), "80100003"),
    ],
)
def test_message(bench: Bench, change: Callable[[dict[str, Any]], object], expected: str) -> None:
    document = notification()
    change(document["message"])
    assert code(send(bench, document)) == expected


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b'{"messages":{}}', b"\xff", b"[" * 100_000])
def test_body_that_is_none(bench: Bench, body: bytes) -> None:
    assert code(send(bench, body)) == ("80300010" if b"messages" in body else "80100003")


def test_unknown_member_is_refused_in_strict_mode_only(folder: Path) -> None:
    for strict, expected in ((True, "80100003"), (False, "80000000")):
        bench = Bench(EMULATOR, folder, strict=strict)
        act = send(bench, notification(clickAction={}))
        assert code(act) == expected
        assert not strict or "clickAction" in told(act)["msg"]


def test_what_only_the_page_forbids_passes_in_lenient_mode(folder: Path) -> None:
    """A sample of Huawei's (HMS-Core/hms-push-serverdemo-nodejs) sends a notification's data that is no JSON."""
    for strict, expected in ((True, "80100003"), (False, "80000000")):
        document = notification(when="2019-11-05")
        document["message"]["data"] = "{key1:value1}"
        assert code(send(Bench(EMULATOR, folder, strict=strict), document)) == expected


def test_null_counts_as_absent(bench: Bench) -> None:
    """As the published pyhcm client writes its messages."""
    document = notification()
    document["message"].update(topic=None, data=None)
    assert code(send(bench, document)) == "80000000"
    document["message"].update(topic="news", token=None)
    assert code(send(bench, document)) == "80000000"
    document["message"].update(topic=None)
    assert code(send(bench, document)) == "80300010"


def test_what_only_sdks_know_is_taken_and_noted(bench: Bench) -> None:
    act = send(bench, notification(ticker="t", importance="HIGH", style=2))
    assert code(act) == "80000000"
    assert all(name in act.note for name in ("ticker", "importance", "style"))


def test_order_of_checks(bench: Bench) -> None:
    document = notification(*(["x"] * 1001), big_body="x" * 5000, style=9)
    assert code(send(bench, document, "/v1/1/2", authorization=None)) == "http/404"
    assert code(send(bench, document, authorization=None)) == "80200001"
    assert code(send(bench, document)) == "80100003"
    document["message"]["android"]["notification"].pop("style")
    assert code(send(bench, document)) == "80300008"
    document["message"]["android"]["notification"].pop("big_body")
    assert code(send(bench, document)) == "80300010"
    document["message"]["token"].pop()
    assert code(send(bench, document)) == "80300007"


def test_size_is_counted_without_the_tokens(bench: Bench) -> None:
    document = notification(*[LIVE] * 100)
    bare = json.loads(json.dumps(document))
    del bare["message"]["token"]
    room = 4096 - len(json.dumps(bare, separators=(",", ":")))
    document["message"]["notification"]["body"] += "x" * room
    assert code(send(bench, document)) == "80000000"
    document["message"]["notification"]["body"] += "x"
    assert code(send(bench, document)) == "80300008"


def test_size_counts_bytes_not_characters(bench: Bench) -> None:
    assert code(send(bench, notification(big_body="推" * 1400, big_title="a", style=1))) == "80300008"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["message", "android", "notification", "token", "data", "click_action", "type", "x"]),
                inner,
            )
        ),
    )
)
def test_no_body_breaks_it(folder: Path, document: Any) -> None:
    bench = Bench(EMULATOR, folder)
    assert code(send(bench, document)).isdigit()
    assert code(send(bench, {"message": document, "validate_only": True})).isdigit()


# --- tokens


def test_partial_failure_lists_the_refused_tokens(bench: Bench) -> None:
    act = send(bench, notification(LIVE, "unknown", LIVE, token_of("token-dead")))
    assert code(act) == "80100000"
    assert listed(act) == {"success": 2, "failure": 2, "illegal_tokens": ["unknown", token_of("token-dead")]}


def test_validate_only_checks_the_format_and_looks_at_no_token(bench: Bench) -> None:
    document = notification("unknown")
    assert code(send(bench, {**document, "validate_only": True})) == "80000000"
    assert code(send(bench, changed({**document, "validate_only": True}, lambda d: d["message"].pop("token")))) == (
        "80300010"
    )


def test_dead_token_among_many_does_not_decide_for_the_others(bench: Bench) -> None:
    act = send(bench, notification(*[LIVE] * 999, token_of("token-dead")))
    assert listed(act)["success"] == 999


def test_token_of_a_whole_answer_decides_for_the_request(bench: Bench) -> None:
    assert code(send(bench, notification(LIVE, token_of("server-error")))) == "81000001"


def test_tokens_are_of_their_familys_shape() -> None:
    tokens = {handset.token for handset in EMULATOR.handsets("production")}
    assert len(tokens) == len(EMULATOR.handsets("production"))
    for token in tokens:
        assert len(token) == 130
        assert token.startswith("IQAAAA")
        assert token.replace("-", "").replace("_", "").isalnum()


# --- rights, quotas, classes


def test_high_urgency_needs_a_right(folder: Path, bench: Bench) -> None:
    assert code(send(bench, data(urgency="HIGH"))) == "80000000"
    without = Bench(EMULATOR, folder, scenario="no-high-priority")
    assert code(send(without, data(urgency="HIGH"))) == "80300011"
    assert code(send(without, data(urgency="NORMAL"))) == "80000000"
    document = data(urgency="HIGH")
    document["message"]["token"] = [token_of("no-high-priority")]
    assert code(send(bench, document)) == "80300011"


def test_500_test_messages_a_day(bench: Bench) -> None:
    document, token = notification(), f"Bearer {bench.signed()}"
    document["message"]["android"]["target_user_type"] = 1
    bench.now = 1_800_000_000.0
    token = f"Bearer {bench.signed()}"
    codes = [code(send(bench, document, authorization=token)) for _ in range(501)]
    assert codes == ["80000000"] * 500 + ["http/503"]
    bench.now += 86400
    assert code(send(bench, document)) == "80000000"


def test_marketing_over_the_daily_number_is_accepted_and_noted(bench: Bench) -> None:
    notes = [send(bench, notification()).note for _ in range(3)]
    assert ("marketing" in notes[1], "marketing" in notes[2]) == (False, True)


# --- topics and single tokens


def ask(bench: Bench, interface: str, document: Any) -> Act:
    return send(bench, document, f"/v1/{APP}/{interface}")


def test_life_of_a_topic(bench: Bench) -> None:
    subscribed = told(ask(bench, "topic:subscribe", {"topic": "weather", "tokenArray": [LIVE, "unknown"]}))
    assert (subscribed["code"], subscribed["successCount"], subscribed["failureCount"]) == ("80000000", 1, 1)
    assert [error["index"] for error in subscribed["errors"]] == [1]
    assert [topic["name"] for topic in told(ask(bench, "topic:list", {"token": LIVE}))["topics"]] == ["weather"]
    queried = told(ask(bench, "token:query", {"token": LIVE}))
    assert (len(queried["aaId"]), len(queried["topics"])) == (32, 1)
    assert told(ask(bench, "topic:unsubscribe", {"topic": "weather", "tokenArray": [LIVE]}))["successCount"] == 1
    assert told(ask(bench, "topic:list", {"token": LIVE}))["topics"] == []


def test_erasing_removes_the_topics_and_not_the_token(bench: Bench) -> None:
    ask(bench, "topic:subscribe", {"topic": "weather", "tokenArray": [LIVE]})
    assert code(ask(bench, "token:delete", {"token": LIVE})) == "80000000"
    assert told(ask(bench, "topic:list", {"token": LIVE}))["topics"] == []
    assert code(send(bench, notification())) == "80000000"


@pytest.mark.parametrize(
    ("interface", "document", "expected"),
    [
        ("topic:subscribe", {"topic": "a b", "tokenArray": [LIVE]}, "82000007"),
        ("topic:subscribe", {"topic": "x" * 901, "tokenArray": [LIVE]}, "82000007"),
        ("topic:subscribe", {"topic": "天气-1.~%", "tokenArray": [LIVE]}, "80000000"),
        ("topic:subscribe", {"topic": "a"}, "82000003"),
        ("topic:subscribe", {"topic": "a", "tokenArray": []}, "82000008"),
        ("topic:unsubscribe", {"topic": "a", "tokenArray": [LIVE] * 1001}, "82000008"),
        ("topic:subscribe", {"topic": "a", "tokenArray": ["unknown"]}, "82000010"),
        ("topic:list", {}, "82000011"),
        ("token:query", {"token": ""}, "82000011"),
        ("token:query", {"token": "unknown"}, "80300007"),
        ("token:delete", b"[]", "80100003"),
    ],
)
def test_topic_and_token_calls(bench: Bench, interface: str, document: Any, expected: str) -> None:
    assert code(ask(bench, interface, document)) == expected


def test_2000_topics(bench: Bench) -> None:
    token = f"Bearer {bench.access_token()}"
    path = f"/v1/{APP}/topic:subscribe"
    for index in range(2000):
        assert send(bench, {"topic": f"t{index}", "tokenArray": [LIVE]}, path, token).code is None
    assert code(send(bench, {"topic": "one-more", "tokenArray": [LIVE]}, path, token)) == "82000009"
    assert code(send(bench, {"topic": "t7", "tokenArray": [LIVE]}, path, token)) == "80000000"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({"topic": "news"}, "80000000"),
        ({"topic": "no blanks"}, "82000007"),
        ({"condition": "'a' in topics && ('b' in topics || !('c' in topics))"}, "80000000"),
        ({"condition": "a in topics"}, "80100003"),
        ({"condition": "'a' in topics; drop"}, "80100003"),
        ({"condition": " || ".join(f"'{name}' in topics" for name in "abcdef")}, "80100003"),
    ],
)
def test_topics_and_conditions_as_targets(bench: Bench, target: dict[str, str], expected: str) -> None:
    document = notification()
    del document["message"]["token"]
    document["message"].update(target)
    assert code(send(bench, document)) == expected
