"""The emulated Honor Push and its OAuth service as a pure machine: a request and the world in, an act out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from huawei_emulator_bench import FORM, Bench
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.emulated import Act, Seen
from pushctl.sandbox import forge
from pushctl.vendors.honor.emulator import EMULATOR
from pushctl.vendors.honor.emulator_credentials import APP, NO_APP, OTHER_APP
from pushctl.vendors.honor.emulator_handsets import token_of

LIVE = token_of()
SEND = f"/api/v1/{APP}/sendMessage"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("honor"), [EMULATOR]).credentials("honor")


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(EMULATOR, folder)


@pytest.fixture
def lenient(folder: Path) -> Bench:
    return Bench(EMULATOR, folder, strict=False)


def notification(*tokens: str, **shown: Any) -> dict[str, Any]:
    """The smallest notification; ``shown`` are fields of android.notification, None leaves one out."""
    fields = {"title": "Hi", "body": "There", "clickAction": {"type": 3}, **shown}
    told = {name: value for name, value in fields.items() if value is not None}
    return {"android": {"notification": told}, "token": list(tokens or [LIVE])}


def data(*tokens: str, **android: Any) -> dict[str, Any]:
    return {"data": "x", "android": android, "token": list(tokens or [LIVE])}


def grant(bench: Bench, **fields: str | None) -> Act:
    told = {"path": "/auth/token", "client_id": "hon-client-1", **fields}
    return bench.token_call(**told)  # type: ignore[arg-type]


def bearer(bench: Bench, **fields: str) -> str:
    act = grant(bench, **fields)
    assert act.response is not None
    return f"Bearer {json.loads(act.response.body)['access_token']}"


def send(
    bench: Bench, document: Any, path: str = SEND, authorization: str | None = "fresh", timestamp: str | None = "now"
) -> Act:
    """A push with a fresh access token and the right time, unless something else is given."""
    given_one = bearer(bench) if authorization == "fresh" else authorization
    stamp = str(int(bench.now * 1000)) if timestamp == "now" else timestamp
    return bench.post(path, document, given_one, **({} if stamp is None else {"timestamp": stamp}))


def told(act: Act) -> dict[str, Any]:
    assert act.response is not None
    assert act.response.header("date")
    return dict(json.loads(act.response.body))


# --- the token endpoint ----------------------------------------------------------------------------------------------


def test_access_token_for_a_client_of_a_push_service(bench: Bench) -> None:
    act = grant(bench)
    document = told(act)
    assert (document["expires_in"], document["token_type"], act.code) == (3600, "Bearer", None)
    assert act.response is not None
    assert act.response.header("cache-control") == "no-store"


def test_oldest_path_is_served(bench: Bench) -> None:
    assert grant(bench, path="/auth/realms/developer/protocol/openid-connect/token").code is None


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"client_secret": "guess"}, 401, "unauthorized_client"),
        ({"client_id": "hon-client-2"}, 401, "unauthorized_client"),
        ({"client_id": APP}, 401, "unauthorized_client"),
        ({"client_id": None}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "invalid_grant"),
        ({"grant_type": None}, 400, "invalid_grant"),
    ],
)
def test_refused_token_request(bench: Bench, fields: dict[str, str | None], status: int, error: str) -> None:
    act = grant(bench, **fields)
    assert act.response is not None
    assert (act.response.status, told(act)["error"], act.code) == (status, error, f"oauth/{error}")
    assert told(act)["error_description"]


def test_secret_that_is_not_percent_encoded_is_refused(bench: Bench) -> None:
    secret = bench.secret()
    assert set("+/=&") <= set(secret)
    plain = f"grant_type=client_credentials&client_id=hon-client-1&client_secret={secret}".encode()
    assert bench.token_call(path="/auth/token", body=plain).code in ("oauth/unauthorized_client", "http/400")


def test_what_is_no_token_request(bench: Bench) -> None:
    assert bench.serve(Seen("POST", "/auth/token", (("content-type", "application/json"),), b"{}"), "oauth").code == (
        "http/400"
    )
    assert bench.serve(Seen("GET", "/auth/token", (FORM,), b""), "oauth").code == "http/404"
    assert grant(bench, path="/oauth2/v3/token").code == "http/404"


def test_access_token_lives_an_hour_and_is_good_for_another_process(folder: Path, bench: Bench) -> None:
    token = bearer(bench)
    later = Bench(EMULATOR, folder)
    assert send(later, data(), authorization=token).code is None
    later.now += 3601
    act = send(later, data(), authorization=token)
    assert (act.code, act.rule) == ("80200003", "token-age")


# --- who is asking ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "TOKEN", "Basic eA==", "Bearer nonsense", "Bearer é"])
def test_authorization_that_is_none(bench: Bench, authorization: str | None) -> None:
    act = send(bench, data(), authorization=authorization)
    assert (act.code, told(act)["code"]) == ("80200001", 80200001)


def test_bearer_is_needed_before_the_token(bench: Bench) -> None:
    assert send(bench, data(), authorization=bearer(bench).removeprefix("Bearer ")).code == "80200001"


def test_app_id_in_the_path_is_the_clients_own(bench: Bench) -> None:
    assert send(bench, data(), f"/api/v1/{OTHER_APP}/sendMessage").code == "80300002"
    assert send(bench, data(), f"/api/v1/{NO_APP}/sendMessage").code == "http/404"
    assert send(bench, data(), "/api/v1/hon-client-1/sendMessage").code == "http/404"


def test_tokens_of_an_app_are_foreign_to_another_one(bench: Bench) -> None:
    other = bearer(bench, client_id="hon-client-2", client_secret=bench.secret("other"))
    act = send(bench, data(), f"/api/v1/{OTHER_APP}/sendMessage", other)
    assert told(act)["data"]["failTokens"] == [LIVE]


def test_app_id_of_the_profile_that_runs_against_it_stands_for_its_own(folder: Path) -> None:
    bench = Bench(EMULATOR, folder, app={"app_id": "104999999"})
    assert send(bench, data(), "/api/v1/104999999/sendMessage").code is None


@pytest.mark.parametrize(
    "path", ["/v1/104000001/messages:send", "/api/v1/104000001/messages:send", "/api/v2/104000001/sendMessage", "/"]
)
def test_paths_that_copy_huawei_are_not_found(bench: Bench, path: str) -> None:
    assert send(bench, data(), path).code == "http/404"
    assert bench.serve(Seen("GET", SEND, (), b"")).code == "http/404"


# --- the timestamp ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stamp", [None, "", "1563105451", "soon", "15631054512610", "1563105451261", "-563105451261"])
def test_timestamp_is_wanted_in_milliseconds_and_of_now_where_the_world_is_strict(
    bench: Bench, lenient: Bench, stamp: str | None
) -> None:
    act = send(bench, data(), timestamp=stamp)
    assert (act.code, act.rule) == ("80100001", "timestamp")
    assert "unproved" in act.note
    assert told(act)["message"].startswith("timestamp ")
    passed = send(lenient, data(), timestamp=stamp)
    assert passed.code is None
    assert "let pass" in passed.note


def test_timestamp_may_be_a_little_off(bench: Bench) -> None:
    for off in (-3500, 3500):
        assert send(bench, data(), timestamp=str(int((bench.now + off) * 1000))).code is None


# --- the body --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        notification(),
        data(),
        {"android": {"data": "x"}, "token": [LIVE]},
        {
            "notification": {"title": "a", "body": "b"},
            "android": {"notification": {"clickAction": {"type": 3}}},
            "token": [LIVE],
        },
        notification(clickAction={"type": 1, "action": "a.B"}, importance="LOW", notifyId=-1, tag="t", group="g"),
        notification(clickAction={"type": 2, "url": "https://example.com"}, image="https://example.com/a.png"),
        notification(style=1, bigTitle="Hi", bigBody="There", when="2014-10-02T15:01:23.045123456Z"),
        notification(buttons=[{"name": "A", "actionType": 1, "intentType": 0, "intent": "i"}], badge={"setNum": 99}),
        data(ttl="1296000s", biTag="b", targetUserType=0),
    ],
)
def test_right_body_is_taken(bench: Bench, document: dict[str, Any]) -> None:
    act = send(bench, document)
    answer = told(act)
    assert (answer["code"], answer["message"], act.code) == (200, "Success", None)
    assert answer["data"] == {
        "sendResult": True, "requestId": answer["data"]["requestId"], "failTokens": [], "expireTokens": [],
    }  # fmt: skip
    app, _, rest = answer["data"]["requestId"].partition("-")
    assert (app, len(rest)) == (APP, 32)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"", "80100003"),
        (b"[]", "80100003"),
        (b"{", "80100003"),
        (b"\xff", "80100003"),
        (b'{"a":' * 50_000, "80100003"),
        ({"data": "x"}, "80300010"),
        ({"data": "x", "token": []}, "80300010"),
        ({"message": {"data": "x", "token": [LIVE]}}, "80300010"),
        ({"data": "x", "token": LIVE}, "80100003"),
        ({"data": "x", "token": [7]}, "80100003"),
        ({"data": "x", "token": [" "]}, "80100003"),
        (data(*["t"] * 1001), "80300010"),
        ({"token": [LIVE]}, "80100003"),
        ({"data": {"a": 1}, "token": [LIVE]}, "80100003"),
        ({**data(), "android": "x"}, "80100003"),
        ({**data(), "data": "x" * 4096}, "80300008"),
        (data(ttl="0s"), "80100004"),
        (data(ttl=60), "80100003"),
        (data(ttl="60"), "80100003"),
        (data(ttl="1296001s"), "80100003"),
        (data(targetUserType=2), "80100003"),
        (data(targetUserType=True), "80100003"),
        (notification(title=None), "80100003"),
        (notification(body=""), "80100003"),
        (notification(clickAction=None), "80100003"),
        (notification(clickAction={}), "80100003"),
        (notification(clickAction={"type": 1}), "80100003"),
        (notification(clickAction={"type": 2}), "80100003"),
        (notification(clickAction={"type": 2, "url": "http://example.com"}), "80100003"),
        (notification(clickAction={"type": 4}), "80100003"),
        (notification(clickAction={"type": "3"}), "80100003"),
        (notification(image="http://example.com/a.png"), "80100003"),
        (notification(importance="HIGH"), "80100003"),
        (notification(style=2), "80100003"),
        (notification(style=1, bigTitle="Hi"), "80100003"),
        (notification(style=1, bigTitle="Hi", bigBody="Other"), "80100003"),
        (notification(when="yesterday"), "80100003"),
        (notification(badge={"setNum": 100}), "80100003"),
        (notification(badge={"set_num": 1}), "80100003"),
        (notification(notifyId=-2), "80100003"),
        (notification(buttons=[{"name": "A", "actionType": 0}] * 4), "80100003"),
        (notification(buttons=[{"name": "x" * 41, "actionType": 0}]), "80100003"),
        (notification(buttons=[{"name": "A", "actionType": 1, "intent": "x"}]), "80100003"),
        (notification(buttons=[{"name": "A", "actionType": 2}]), "80100003"),
        (notification(click_action={"type": 3}), "80100003"),
        ({**notification(), "validate_only": True}, "80100003"),
    ],
)
def test_wrong_body_is_refused_without_data(bench: Bench, document: Any, code: str) -> None:
    act = send(bench, document)
    answer = told(act)
    assert (act.code, answer["code"]) == (code, int(code))
    assert answer.keys() == {"code", "message"}


def test_unknown_fields_and_another_big_text_pass_where_the_world_is_lenient(lenient: Bench) -> None:
    assert send(lenient, {**notification(), "validate_only": True}).code is None
    assert send(lenient, notification(style=1, bigTitle="Hi", bigBody="Other")).code is None


def test_answer_names_the_field_that_is_wrong(bench: Bench) -> None:
    assert told(send(bench, notification(clickAction=None)))["message"] == (
        "android.notification.clickAction is missing"
    )


def test_size_is_counted_without_the_tokens(bench: Bench) -> None:
    assert send(bench, data(*[LIVE] * 100)).code is None
    frame = len(json.dumps({"data": ""}, separators=(",", ":")))
    assert send(bench, {"data": "x" * (4096 - frame), "token": [LIVE]}).code is None
    assert send(bench, {"data": "x" * (4097 - frame), "token": [LIVE]}).code == "80300008"


# --- tokens, quotas, classes -----------------------------------------------------------------------------------------


def test_each_refused_token_stands_in_its_list(bench: Bench) -> None:
    act = send(bench, data(LIVE, token_of("token-dead"), token_of("token-bad"), "never-given-out"))
    answer = told(act)
    assert (answer["code"], act.code) == (80100000, "80100000")
    assert answer["data"]["sendResult"] is True
    assert answer["data"]["expireTokens"] == [token_of("token-dead")]
    assert answer["data"]["failTokens"] == [token_of("token-bad"), "never-given-out"]


@pytest.mark.parametrize(
    ("tokens", "code"),
    [
        (["token-dead"], "data.expireTokens"),
        (["token-bad"], "data.failTokens"),
        (["token-bad", "token-dead"], "80300007"),
    ],
)
def test_when_all_tokens_are_refused_nothing_was_sent(bench: Bench, tokens: list[str], code: str) -> None:
    act = send(bench, data(*map(token_of, tokens)))
    answer = told(act)
    assert (act.code, answer["code"], answer["data"]["sendResult"]) == (code, 80300007, False)


def test_handsets_have_tokens_of_the_known_form() -> None:
    handsets = EMULATOR.handsets("production")
    assert len({handset.token for handset in handsets}) == len(handsets)
    for handset in handsets:
        assert handset.token.startswith("BAEAAAAAB.j")
        assert len(handset.token) == 128


def test_thousand_test_messages_a_day_and_no_more(bench: Bench) -> None:
    thousand = data(*[LIVE] * 1000, targetUserType=1)
    assert send(bench, thousand).code is None
    act = send(bench, data(targetUserType=1))
    assert (act.code, act.rule) == ("http/503", "test-quota")
    assert act.response is not None
    assert act.response.body == b""
    assert send(bench, data()).code is None
    bench.now += 86400
    assert send(bench, data(targetUserType=1)).code is None


def test_journal_tells_the_class_that_the_answer_does_not(bench: Bench) -> None:
    assert "self-classification" in send(bench, notification(importance="NORMAL")).note
    assert [send(bench, notification()).note for _ in range(2)] == ["", ""]
    assert "40000009" in send(bench, notification()).note
    test = {**notification(), "android": {**notification()["android"], "targetUserType": 1}}
    assert send(bench, test).note == ""


def test_fields_that_nothing_confirms_are_taken_with_a_note(bench: Bench) -> None:
    act = send(bench, notification(channelId="x", importance="NORMAL"))
    assert act.code is None
    assert "channelId" in act.note


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
fields = st.sampled_from(["title", "clickAction", "style", "buttons", "badge", "when", "notifyId", "bigTitle"])


@given(st.dictionaries(fields, json_values), json_values, st.lists(st.text(max_size=5), max_size=3))
def test_no_body_is_too_odd(folder: Path, shown: dict[str, Any], value: Any, tokens: list[str]) -> None:
    bench = Bench(EMULATOR, folder)
    token = bearer(bench)
    for document in (
        {"android": {"notification": shown}, "data": value, "token": tokens},
        {"android": value, "notification": shown, "token": value},
        value,
    ):
        act = send(bench, document, authorization=token)
        assert act.response is not None
        assert told(act)["code"] in (200, 80100000) or act.code


@given(st.binary(max_size=60), st.text(max_size=20))
def test_no_token_request_is_too_odd(folder: Path, content: bytes, path: str) -> None:
    for where in ("/auth/token", f"/{path}"):
        assert Bench(EMULATOR, folder).token_call(path=where, body=content).code
