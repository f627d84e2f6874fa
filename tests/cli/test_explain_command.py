"""``pushctl explain`` on the screen: receipts, answers to questions, granted tokens never shown, where else to look."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest

RECEIPTS = {
    "statuses": [
        {"token": "IQAAAACy0kYwAADWsJ-delivered", "requestId": "1", "deliveryStatus": {"result": 0}},
        {"token": "IQAAAACy0kYwAADWsJ-switched", "requestId": "1", "deliveryStatus": {"result": 6}},
        {"token": "IQAAAACy0kYwAADWsJ-waiting", "requestId": "1", "deliveryStatus": {"result": 27}},
        {"token": "IQAAAACy0kYwAADWsJ-removed", "requestId": "1", "deliveryStatus": {"result": 2}},
    ]
}


def test_receipts_fit_one_screen_with_what_became_of_each_why_and_what_to_do(pushctl: Any) -> None:
    ran = pushctl("explain", "hms", "--call", "receipt", "--body", json.dumps(RECEIPTS))

    lines = ran.out.splitlines()
    assert [line.split()[0] for line in lines[1:5]] == ["delivered", "not", "not", "not"]
    assert "not yet" in lines[3]
    assert "27" in lines[3]
    assert "4 receipts: 1 delivered, 2 not delivered, 1 not yet" in lines
    assert any("switch notifications on" in line for line in lines)
    assert "accepted" not in ran.out
    assert len(lines) <= 20
    assert ran.code == 9


def test_a_click_is_told_from_a_delivery(pushctl: Any) -> None:
    rows = [{"token": f"BAEAAAAAB.j{name}", "status": 40000000 + name} for name in (2, 7)]

    ran = pushctl("explain", "honor", "--call", "receipt", "--body", json.dumps({"statuses": rows}))

    assert [line.split()[0] for line in ran.out.splitlines()[1:3]] == ["delivered", "clicked"]
    assert ran.code == 0


def test_of_many_receipts_those_that_did_not_arrive_are_shown_first(pushctl: Any) -> None:
    rows = [{"token": f"t{number}", "status": 2 if number > 40 else 0} for number in range(45)]

    ran = pushctl("explain", "hms", "--call", "receipt", "--body", "-", stdin=json.dumps({"statuses": rows}).encode())

    lines = ran.out.splitlines()
    assert [line.split()[0] for line in lines[1:5]] == ["not"] * 4
    assert any("25 more" in line for line in lines)
    assert "45 receipts: 41 delivered, 4 not delivered" in lines


@pytest.mark.parametrize("call", [(), ("--call", "auth")])
@pytest.mark.parametrize("output", [(), ("-v",), ("--json",)])
def test_a_token_that_was_granted_is_never_shown(pushctl: Any, call: tuple[str, ...], output: tuple[str, ...]) -> None:
    body = '{"access_token":"CANARY-0123456789-CANARY-0123456789","expires_in":3599,"token_type":"Bearer"}'

    ran = pushctl("explain", "fcm", *call, *output, "--http-status", "200", "--body", body)

    assert "CANARY" not in ran.out + ran.err
    assert "An access token that lives 3599 seconds." in ran.out
    assert "delivered" not in ran.out
    assert ran.code == 0


def test_what_a_question_was_answered_is_shown(pushctl: Any) -> None:
    body = '{"application":"com.example.app","authorizedEntity":"1234","platform":"ANDROID"}'

    ran = pushctl("explain", "fcm", "--call", "token", "--http-status", "200", "--body", body)

    assert "com.example.app" in ran.out
    assert "delivered" not in ran.out
    assert ran.code == 0


def test_each_token_of_a_topic_call_is_told_by_its_index(pushctl: Any) -> None:
    body = {"code": "80000000", "msg": "Success", "requestId": "1", "successCount": 1, "failureCount": 1,
            "errors": [{"index": 1, "reason": "INVALID_TOKEN"}]}  # fmt: skip

    ran = pushctl("explain", "hms", "--call", "topic", "--http-status", "200", "--body", json.dumps(body))

    assert "index 1" in ran.out
    assert "1 accepted, 1 refused of 2" in ran.out
    assert ran.code == 9


def test_an_interface_that_the_vendor_has_not_is_told(pushctl: Any) -> None:
    ran = pushctl("explain", "fcm", "--call", "receipt", "--body", '{"statuses":[]}')

    assert ran.code == 2
    assert "has no interface called 'receipt'" in ran.err
    assert "topic, trace" in " ".join(ran.err.split())


def test_where_another_vendor_knows_a_code_is_said(pushctl: Any) -> None:
    ran = pushctl("explain", "huawei:80300007/noRight")

    assert ran.code == 2
    assert "harmony has" in ran.err
    assert "pushctl explain harmony:80300007/noRight" in " ".join(ran.err.split())


def test_a_line_of_a_log_comes_from_stdin_without_a_profile_or_a_status(pushctl: Any) -> None:
    line = 'ERROR push: {"code":"80300007","msg":"All the tokens are invalid","requestId":"157278422841836431010901"}'

    ran = pushctl("explain", "hms", "--body", "-", stdin=line.encode())

    assert ran.out.startswith("REFUSED  80300007 · hms")
    assert "157278422841836431010901" in ran.out
    assert ran.code == 3


def test_what_is_no_json_is_said_to_be_none(pushctl: Any) -> None:
    ran = pushctl("explain", "hms", "--body", "{'code': '80200003', 'msg': 'x', 'requestId': None}")

    assert "no JSON but a Python dict" in " ".join(ran.out.split())
    assert ran.code == 4


@pytest.mark.parametrize("vendor", ["apns", "fcm", "hms", "harmony", "honor", "mi", "oppo", "vivo", "meizu"])
def test_a_vendor_alone_is_asked_what_of_it_and_the_example_works(pushctl: Any, vendor: str) -> None:
    ran = pushctl("explain", vendor)

    assert ran.code == 2
    example = " ".join(ran.err.split()).rpartition("pushctl explain ")[2].split()[0].rstrip(".")
    assert example.startswith(f"{vendor}:")
    assert pushctl("explain", example).code == 0


# --- Mi, OPPO, vivo, Meizu -------------------------------------------------------------------------------------------

PUSH_ID = "RA50c6348036344485d01776773577c64740465480a6b"
MEIZU = {"msgId1-2": {"param": "p", "type": 2, "targets": [PUSH_ID]},
         "msgId2-1": {"param": "p", "type": 1, "targets": ["alias1"]}}  # fmt: skip
MI = {
    "sdm1": {"type": 1, "targets": "r1,r2", "barStatus": "Enable", "timestamp": 1585203103625},
    "sdm2": {"type": 2, "targets": "r3"},
    "sdm3": {"type": 16, "targets": "r4"},
    "sdm4": {"type": 1, "targets": "r5", "barStatus": "Disable"},
    "sdm5": {"type": 4096, "targets": "r6"},
}
OPPO = [
    {"messageId": "m1", "registrationIds": "CN_a, CN_b", "eventTime": "1542945482222", "eventType": "push_arrive"},
    {"messageId": "m1", "registrationIds": "CN_c", "eventType": "regid_invalid"},
    {"messageId": "m2", "registrationIds": "CN_d", "eventType": "user_daily_limit"},
    {"messageId": "m2", "registrationIds": "CN_e", "eventType": "app_yearly_limit"},
]
VIVO = {
    "571427495104937984": {"targets": "15985112220221500102621,15985112220221500102622", "ackType": "0"},
    "571427495104937985": {"targets": "15985112220221500102623", "ackType": "104", "subAckType": "2124"},
    "571427495104937986": {"targets": "15985112220221500102624", "ackType": "104", "subAckType": "2183"},
}


@pytest.mark.parametrize(
    ("vendor", "body", "words", "why", "sum_up"),
    [
        ("mi", urlencode({"data": json.dumps(MI)}), ["delivered"] * 2 + ["clicked", "not", "delivered", "unclear"],
         ["the target device is not valid", "Nothing was shown: the app's notifications are off"],
         "6 receipts: 3 delivered, 1 clicked, 1 not delivered, 1 unclear"),
        ("oppo", json.dumps(OPPO), ["delivered"] * 2 + ["not", "not", "unclear"],
         ["the registration id is dead", "number of messages of the day"],
         "5 receipts: 2 delivered, 2 not delivered, 1 unclear"),
        ("vivo", json.dumps(VIVO), ["delivered"] * 2 + ["not", "not"], ["the device has had", "the regId is stale"],
         "4 receipts: 2 delivered, 2 not delivered"),
        ("meizu", urlencode({"cb": json.dumps(MEIZU), "access_token": "x" * 32}), ["clicked", "delivered"],
         ["tapped the notification"], "2 receipts: 1 clicked, 1 delivered"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("call", [(), ("--call", "receipt")])
def test_receipts_of_china_tell_what_became_of_each_and_why(
    pushctl: Any, vendor: str, body: str, words: list[str], why: list[str], sum_up: str, call: tuple[str, ...]
) -> None:
    ran = pushctl("explain", vendor, *call, "--body", body)

    lines = ran.out.splitlines()
    assert [line.split()[0] for line in lines[1 : len(words) + 1]] == words
    assert sum_up in lines
    assert all(one in ran.out for one in why)
    assert pushctl("explain", vendor, "receipt").code == 0, "what the last line of the table advises"
    assert ran.code == (0 if vendor == "meizu" else 9)


CANARY = "CANARY0123456789abcdef"
CB = json.dumps(MEIZU)
LOGGED = {
    "the form": urlencode({"access_token": CANARY, "cb": CB}),
    "the form, decoded": f"access_token={CANARY}&cb={CB}",
    "the token last": f"cb={CB}&access_token={CANARY}",
    "the token alone": f"access_token={CANARY}",
    "cut off": f"access_token={CANARY}&cb={quote(CB)}"[:90],
    "a log line": f"2026-01-02 POST /cb {urlencode({'access_token': CANARY, 'cb': CB})} 200",
    "an object": json.dumps({"access_token": CANARY, "cb": CB}),
    "a line of JSON": json.dumps({"msg": "cb " + urlencode({"access_token": CANARY, "cb": CB})}),
    "a line of JSON with an object": json.dumps({"msg": json.dumps({"access_token": CANARY, "cb": CB})}),
    "a dict": repr({"access_token": CANARY, "cb": CB}),
    "Flask": f"ImmutableMultiDict([('access_token', '{CANARY}'), ('cb', '{CB}')])",
    "Go": f"map[access_token:[{CANARY}] cb:[{CB}]]",
    "PHP": f"Array ( [access_token] => {CANARY} [cb] => {CB} )",
    "a request": f"POST /cb HTTP/1.1\r\nHost: x\r\n\r\naccess_token={CANARY}&cb={quote(CB)}",
    "encoded once more": quote(f"access_token={CANARY}&cb={CB}"),
}


@pytest.mark.parametrize("body", LOGGED.values(), ids=LOGGED)
@pytest.mark.parametrize("output", [(), ("-v",), ("--json",), ("-o", "jsonl"), ("-o", "plain"), ("-o", "github")])
def test_the_token_of_meizus_receipts_is_never_shown(pushctl: Any, body: str, output: tuple[str, ...]) -> None:
    for vendor in ("meizu", "mi"):
        for more in ((), ("--call", "receipt"), ("--http-status", "200")):
            ran = pushctl("explain", vendor, *more, *output, "--body", body)
            assert CANARY not in ran.out + ran.err
            assert ran.code in (0, 2, 7)


@pytest.mark.parametrize(
    ("vendor", "body"),
    [
        ("oppo", json.dumps({"code": 0, "message": "success", "data": {"auth_token": CANARY, "create_time": "1"}})),
        ("oppo", json.dumps({"code": 0, "data": json.dumps({"auth_token": CANARY, "create_time": 1})})),
        ("vivo", json.dumps({"result": 0, "desc": "请求成功", "authToken": CANARY})),
        ("vivo", json.dumps({"result": 0, "desc": "请求成功", "auth_token": CANARY, "success": True})),
        ("vivo", f"auth ok, headers={{'authToken': '{CANARY}'}}"),
        ("mi", f"failed, sent Authorization: key={CANARY}"),
    ],
)
@pytest.mark.parametrize("output", [(), ("-v",), ("--json",)])
def test_a_token_of_china_is_never_shown(pushctl: Any, vendor: str, body: str, output: tuple[str, ...]) -> None:
    for more in ((), ("--call", "auth"), ("--http-status", "200")):
        ran = pushctl("explain", vendor, *more, *output, "--body", body)
        assert CANARY not in ran.out + ran.err
        assert "internal error" not in ran.err


def test_a_number_of_two_levels_shows_both_meanings(pushctl: Any) -> None:
    ran = pushctl("explain", "meizu:110010")
    document = json.loads(pushctl("explain", "flyme", "110010", "--json").out)

    assert ran.out.index("meizu:110010 ") < ran.out.index("meizu:target/110010 ")
    assert "应用推送速率过快" in ran.out
    assert "消息开关关闭" in ran.out
    assert [one["code"] for one in document["entries"]] == ["110010", "target/110010"]
    assert ran.code == 0


def test_what_was_pasted_is_no_files_name(pushctl: Any, tmp_path: Any) -> None:
    ran = pushctl("explain", "meizu", "--body", "pushMessage error code:110053 comment:透传超过限制")
    assert "pushctl explain meizu:110053" in " ".join(ran.err.split())

    (tmp_path / "an answer").write_text('{"code":"110053","message":"","value":""}')
    assert pushctl("explain", "meizu", "--body", "an answer").out.startswith("REFUSED  110053")
    assert "cannot be read" in pushctl("explain", "meizu", "--body", "no such answer.json").err


def test_whose_an_answer_is_is_said_beside_what_was_asked(pushctl: Any) -> None:
    body = '{"result":"ok","trace_id":"X","code":0,"data":{"id":"sdm1"},"description":"成功","info":"1 REGID"}'

    ran = pushctl("explain", "oppo", "--body", body)

    assert "By its form this is an answer of Xiaomi Mi Push, 0." in " ".join(ran.out.split())
