"""The emulated vivo Push as a pure machine: who asks, one device, and what a message may look like."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivo_emulator_bench import APP_ID, APP_KEY, LIVE, NOON, Bench, code, told

from pushctl.sandbox import forge
from pushctl.vendors.vivo.emulator import EMULATOR
from pushctl.vendors.vivo.emulator_handsets import token_of

OTHER_KEY = "1f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f1"
INTENT = "intent:#Intent;component=a.b/.C;end"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("vivo"), [EMULATOR]).credentials("vivo")


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(folder)


@pytest.fixture
def lenient(folder: Path) -> Bench:
    return Bench(folder, strict=False)


# --- /message/auth ---------------------------------------------------------------------------------------------------


def test_answer_to_auth_has_a_token_and_success(bench: Bench) -> None:
    document = told(bench.auth())
    assert document.keys() == {"result", "desc", "authToken"}
    assert document["desc"] == "请求成功"


@pytest.mark.parametrize("app", [APP_ID, str(APP_ID)])
@pytest.mark.parametrize("as_text", [False, True])
def test_app_id_and_timestamp_may_be_numbers_or_strings(bench: Bench, app: Any, as_text: bool) -> None:
    stamp = int(NOON * 1000)
    assert code(bench.auth(app=app, timestamp=str(stamp) if as_text else stamp)) == "0"


def test_sign_is_over_trimmed_parts(bench: Bench) -> None:
    assert code(bench.auth(appKey=f" {APP_KEY} ")) == "0"


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"appId": None}, "10200"),
        ({"appId": " "}, "10200"),
        ({"appKey": None}, "10201"),
        ({"appKey": ""}, "10201"),
        ({"appKey": OTHER_KEY}, "10202"),
        ({"timestamp": None}, "10203"),
        ({"sign": None}, "10204"),
        ({"appId": 105500009}, "10205"),
        ({"appId": "soon"}, "10205"),
        ({"sign": "0" * 32}, "10206"),
        ({"sign": "ü"}, "10206"),
        ({"secret": APP_KEY}, "10206"),
        ({"secret": ""}, "10206"),
        ({"timestamp": int(NOON)}, "10207"),
        ({"timestamp": "soon"}, "10207"),
        ({"timestamp": int((NOON - 601) * 1000)}, "10207"),
        ({"timestamp": int((NOON + 601) * 1000)}, "10207"),
        ({"timestamp": True}, "http/400"),
        ({"appId": {}}, "http/400"),
        ({"appId": 1.5}, "http/400"),
        ({"sign": 7}, "http/400"),
        ({"appKey": ["a"]}, "http/400"),
    ],
)
def test_auth_that_is_refused(bench: Bench, changed: dict[str, Any], wanted: str) -> None:
    act = bench.auth(**changed)
    assert (code(act), act.code) == (wanted, wanted)
    assert b"authToken" not in (act.response.body if act.response else b"")


def test_upper_case_sign_is_refused_and_the_journal_says_why(bench: Bench) -> None:
    base = f"{APP_ID}{APP_KEY}{int(NOON * 1000)}{bench.secret()}"
    act = bench.auth(sign=hashlib.md5(base.encode()).hexdigest().upper())
    assert code(act) == "10206"
    assert "letter case" in act.note


@pytest.mark.parametrize("off", [-599, 599])
def test_timestamp_may_be_ten_minutes_off(bench: Bench, off: int) -> None:
    assert code(bench.auth(timestamp=int((NOON + off) * 1000))) == "0"


def test_ten_auths_a_second_and_no_more(bench: Bench) -> None:
    assert [code(bench.auth()) for _ in range(11)] == ["0"] * 10 + ["10093"]
    assert code(bench.auth(app=105500001, key=OTHER_KEY, secret=bench.secret("105500001"))) == "0"
    bench.now += 1
    assert code(bench.auth()) == "0"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"a":' * 50_000, b'{"appId":' + b"9" * 5000 + b"}"])
def test_body_that_is_no_json_object(bench: Bench, body: bytes) -> None:
    assert code(bench.post("/message/auth", body, None)) == "http/400"
    assert code(bench.post("/message/send", body, bench.token())) == "http/400"


# --- who is asking ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, " ", "nonsense", "7B7D-00", "é", "7b-"])
def test_auth_token_that_is_none(bench: Bench, token: str | None) -> None:
    act = bench.send(token)
    assert code(act) == "10000"
    assert told(act).keys() == {"result", "desc"}


def test_authorization_in_place_of_auth_token_is_told_apart(bench: Bench) -> None:
    body = json.dumps(bench.message(regId=LIVE)).encode()
    act = bench.serve("POST", "/message/send", body, ("authorization", f"Bearer {bench.token()}"))
    assert code(act) == "10000"
    assert "authToken" in act.note


def test_duplicate_and_empty_headers_do_not_upset_it(bench: Bench) -> None:
    body = json.dumps(bench.message(regId=LIVE)).encode()
    token = bench.token()
    headers = [("authtoken", ""), ("content-type", "a"), ("authtoken", token), ("content-type", "b"), ("x", "1")]
    assert code(bench.serve("POST", "/message/send", body, *headers, ("authtoken", token))) == "0"


def test_auth_token_lives_a_day_and_is_good_for_another_process(folder: Path, bench: Bench) -> None:
    token = bench.token()
    later = Bench(folder)
    later.now += 86_399
    assert code(later.send(token)) == "0"
    later.now += 1
    act = later.send(token)
    assert (code(act), act.rule) == ("10000", "token-age")


def test_app_can_hold_several_tokens(bench: Bench) -> None:
    first, second = bench.token(), bench.token()
    assert first != second
    assert [code(bench.send(token)) for token in (first, second, first)] == ["0", "0", "0"]


@pytest.mark.parametrize("app", [105500001, "105500001", 105500009, 7])
def test_token_speaks_for_its_own_app_only(bench: Bench, app: Any) -> None:
    assert code(bench.send(appId=app)) == "10094"


def test_body_without_app_id_is_taken_with_a_note(bench: Bench) -> None:
    act = bench.send(appId=None)
    assert code(act) == "0"
    assert "appId" in act.note


def test_reg_ids_of_an_app_are_unknown_to_another_one(bench: Bench) -> None:
    other = bench.token(app=105500001, key=OTHER_KEY, secret=bench.secret("105500001"))
    assert told(bench.send(other, appId=105500001))["invalidUser"] == {"status": 1, "userid": LIVE}


def test_app_id_of_the_profile_that_runs_against_it_stands_for_its_own(folder: Path) -> None:
    bench = Bench(folder, app={"app_id": "104999999"})
    token = bench.token(app=104999999)
    assert code(bench.send(token, appId=104999999)) == "0"
    assert code(bench.send(token)) == "0"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/message/send"),
        ("GET", "/message/auth"),
        ("POST", "/report/getStatistics"),
        ("POST", "/"),
        ("POST", "/message/send/"),
        ("POST", "/v2/message/send"),
        ("POST", "/livemessage/send"),
        ("POST", "/tagGroup/add"),
    ],
)
def test_paths_that_are_none(bench: Bench, method: str, path: str) -> None:
    act = bench.serve(method, path, b"{}", ("authtoken", bench.token()))
    assert code(act) == "http/404"
    assert ("not emulated" in act.note) == (path in ("/livemessage/send", "/tagGroup/add"))


# --- one device ------------------------------------------------------------------------------------------------------


def test_answer_to_a_single_push_has_a_task_id(bench: Bench) -> None:
    act = bench.send()
    document = told(act)
    assert document.keys() == {"result", "desc", "taskId"}
    assert len(document["taskId"]) == 18
    assert document["taskId"].isdecimal()
    assert (act.code, act.note) == (None, "")


@pytest.mark.parametrize(
    "changed",
    [
        {"category": None},
        {"classification": None},
        {"classification": "1", "networkType": "1", "notifyType": "4", "pushMode": "0", "appId": str(APP_ID)},
        {"classification": None, "category": None},
        {"classification": 0, "category": "SOCIAL"},
        {"notifyType": 1, "networkType": None, "timeToLive": None, "pushMode": None},
        {"skipType": 2, "skipContent": "https://example.com/a"},
        {"skipType": 3, "skipContent": "x"},
        {"skipType": 4, "skipContent": INTENT},
        {"clientCustomMap": {"a": "b"}, "extra": {"callback.id": "7", "callback.param": "x", "callback": "https://a"}},
        {"clientCustomMap": {}, "extra": {}},
        {"notifyId": 2**31 - 1, "profileId": "p", "sendOnline": True, "foregroundShow": False, "addBadge": True},
        {"title": "新" * 40, "content": "🎉" * 99 + "啊"},
        {"title": "😀啊", "content": "A b."},
        {"auditReview": [{"reviewer": "a", "type": 1, "result": 1}], "timedDisplay": {}, "marketing": {}},
        {"serverSdkVer": "3.3", "notificationChannel": "x", "notify_type": 4},
        {"alias": "somebody"},
        {"alias": "", "regId": LIVE},
        {"alias": "a" * 100, "regId": LIVE},
        {"requestId": "r" * 64},
        {"category": "NEWS", "classification": 0},
        {"networkType": "", "timeToLive": " "},
    ],
)
def test_right_message_is_taken(bench: Bench, changed: dict[str, Any]) -> None:
    assert code(bench.send(**changed)) == "0"


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"regId": None}, "10050"),
        ({"regId": "", "alias": " "}, "10050"),
        ({"alias": "a" * 71}, "10301"),
        ({"classification": 2}, "10051"),
        ({"notifyType": None}, "10054"),
        ({"notifyType": 0}, "10054"),
        ({"notifyType": 5}, "10054"),
        ({"title": None}, "10055"),
        ({"title": "  "}, "10055"),
        ({"title": "新" * 41}, "10056"),
        ({"title": "😀" * 41}, "10056"),
        ({"content": None}, "10057"),
        ({"content": "啊" * 101}, "10058"),
        ({"timeToLive": 59}, "10059"),
        ({"timeToLive": -1}, "10059"),
        ({"timeToLive": 604_801}, "10059"),
        ({"skipType": None}, "10060"),
        ({"skipType": 5}, "10060"),
        ({"skipType": 2}, "10061"),
        ({"skipType": 2, "skipContent": "h" * 2049}, "10062"),
        ({"skipType": 3, "skipContent": " "}, "10063"),
        ({"skipType": 3, "skipContent": "x" * 2049}, "10064"),
        ({"networkType": 0}, "10065"),
        ({"clientCustomMap": {"a": 1}}, "10067"),
        ({"clientCustomMap": {"a": None}}, "10067"),
        ({"clientCustomMap": {"a": "x" * 1024}}, "10067"),
        ({"skipType": 4}, "10068"),
        ({"skipType": 4, "skipContent": "intent:" + "x" * 2048}, "10069"),
        ({"notifyId": 0}, "10095"),
        ({"notifyId": 2**31}, "10095"),
        ({"category": "NONSENSE"}, "10096"),
        ({"category": "order"}, "10096"),
        ({"category": ""}, "10096"),
        ({"category": "NEWS", "classification": 1}, "10097"),
        ({"profileId": "x" * 65}, "10092"),
        ({"category": "MARKETING"}, "10097"),
        ({"category": "IM", "classification": 0}, "10097"),
        ({"extra": {"colour": "red"}}, "10304"),
        ({"extra": {"callback": "h" * 129}}, "10305"),
        ({"extra": {"callback.param": "h" * 193}}, "10306"),
        ({"requestId": None}, "10352"),
        ({"requestId": " "}, "10352"),
        ({"requestId": "r" * 65}, "10353"),
        ({"pushMode": 2}, "http/400"),
        ({"classification": "IM"}, "http/400"),
        ({"classification": True}, "http/400"),
        ({"classification": 1.5}, "http/400"),
        ({"notifyType": []}, "http/400"),
        ({"title": 7}, "http/400"),
        ({"regId": 7}, "http/400"),
        ({"regId": [LIVE]}, "http/400"),
        ({"clientCustomMap": "x"}, "http/400"),
        ({"clientCustomMap": {"a": {}}}, "http/400"),
        ({"extra": []}, "http/400"),
        ({"extra": {"callback": None}}, "http/400"),
        ({"sendOnline": "true"}, "http/400"),
        ({"foregroundShow": 1}, "http/400"),
        ({"auditReview": {}}, "http/400"),
        ({"appId": "app"}, "http/400"),
    ],
)
def test_wrong_message_is_refused(bench: Bench, changed: dict[str, Any], wanted: str) -> None:
    act = bench.send(**changed)
    assert (code(act), act.code) == (wanted, wanted)
    if wanted.startswith("http/"):
        assert act.response is not None
        assert act.response.body == b""
    else:
        assert told(act).keys() == {"result", "desc"}


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"title": 2024.5}, "title"),
        ({"clientCustomMap": {"a": 1}}, ""),
    ],
)
def test_what_sources_disagree_about_passes_where_the_world_is_lenient(
    bench: Bench, lenient: Bench, changed: dict[str, Any], word: str
) -> None:
    assert code(bench.send(**changed)) != "0"
    act = lenient.send(pushMode=1, **changed)
    assert code(act) == "0"
    assert word in act.note


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"title": "新" * 21}, "20 Chinese characters"),
        ({"content": "啊" * 51}, "50 Chinese characters"),
        ({"timeToLive": 604_800}, "cut to one"),
        ({"clientCustomMap": {str(number): "x" for number in range(11)}}, "10 pairs"),
        ({"skipType": 2, "skipContent": "h" * 2048}, "1024"),
        ({"foregroundShow": False}, "foregroundShow"),
        ({"sendOnline": True}, "14002"),
        ({"skipType": 3, "skipContent": "x"}, "skipType 3"),
        ({"skipType": 4, "skipContent": "a.b.C"}, "2158"),
        ({"extra": {"callback.param": "x" * 65}}, "callback.param"),
        ({"classification": None, "category": None}, "taken as operational"),
        ({"category": None}, "No category"),
        ({"alias": "a" * 41}, "40 characters"),
        ({"alias": "a", "regId": LIVE}, "regId counts"),
        ({"networkType": "1"}, "quotes"),
        ({"notificationChannel": "x"}, "notificationChannel"),
    ],
)
def test_journal_says_what_the_answer_does_not(bench: Bench, changed: dict[str, Any], word: str) -> None:
    act = bench.send(**changed)
    assert code(act) == "0"
    assert word in act.note


@pytest.mark.parametrize(
    ("scenario", "status"), [("token-unknown", 1), ("token-dead", 2), ("never", 1), ("invalidUser/3", 3)]
)
def test_single_push_says_what_is_wrong_with_the_reg_id(bench: Bench, scenario: str, status: int) -> None:
    act = bench.send(regId=token_of(scenario))
    document = told(act)
    assert (document["result"], act.code) == (10302, f"invalidUser/{status}")
    assert document["invalidUser"] == {"status": status, "userid": token_of(scenario)}
    assert "taskId" not in document


def test_dead_id_can_stand_beside_success(bench: Bench) -> None:
    document = told(bench.send(regId=token_of("partial")))
    assert (document["result"], document["invalidUser"]["status"]) == (0, 2)
    assert document["taskId"]


def test_alias_of_a_scenario_is_its_phone(bench: Bench) -> None:
    assert told(bench.send(alias="token-dead"))["invalidUser"] == {"status": 2, "userid": "token-dead"}


def test_handsets_have_reg_ids_of_both_forms() -> None:
    handsets = EMULATOR.handsets("production")
    tokens = [handset.token for handset in handsets]
    assert len(set(tokens)) == len(tokens)
    assert tokens[0].startswith("v2-")
    assert {len(token) for token in tokens} == {23, 59}
    for token in tokens:
        assert token.startswith("v2-") or (token.isdecimal() and not token.endswith("00"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
PATHS = (
    "/message/send", "/message/saveListPayload", "/message/pushToList", "/message/all", "/message/tagPush",
    "/message/recycle", "/invalidUser/check", "/tag/add", "/tag/addMembers", "/tag/removeMembers", "/message/auth",
)  # fmt: skip
names = st.sampled_from(
    ["title", "content", "skipType", "skipContent", "clientCustomMap", "extra", "timeToLive", "regId", "alias",
     "regIds", "aliases", "taskId", "tagExpression", "userIds", "userType", "name", "type", "ids", "category",
     "requestId", "notifyId", "appId", "appKey", "timestamp", "sign", "pushMode"]
)  # fmt: skip


@given(st.dictionaries(names, json_values, max_size=6), json_values, st.sampled_from(PATHS))
def test_no_body_is_too_odd(folder: Path, fields: dict[str, Any], value: Any, path: str) -> None:
    bench = Bench(folder)
    token = bench.token()
    for document in (fields, {**bench.message(regId=LIVE), **fields}, value):
        assert code(bench.post(path, document, token)) in ("0", "http/400") or code(bench.post(path, document, token))


@given(st.binary(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_no_request_is_too_odd(folder: Path, content: bytes, path: str, token: str) -> None:
    bench = Bench(folder)
    for where in (*PATHS, f"/{path}", f"/report/getStatistics?{path}"):
        for method in ("GET", "POST"):
            assert bench.serve(method, where, content, ("authtoken", token)).code
    assert bench.serve("GET", f"/report/getStatistics?taskIds={path}", b"", ("authtoken", bench.token())).response
