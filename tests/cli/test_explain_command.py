"""``pushctl explain`` on the screen: receipts, answers to questions, granted tokens never shown, where else to look."""

from __future__ import annotations

import json
from typing import Any

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


@pytest.mark.parametrize("vendor", ["apns", "fcm", "hms", "harmony", "honor"])
def test_a_vendor_alone_is_asked_what_of_it_and_the_example_works(pushctl: Any, vendor: str) -> None:
    ran = pushctl("explain", vendor)

    assert ran.code == 2
    example = " ".join(ran.err.split()).rpartition("pushctl explain ")[2].split()[0].rstrip(".")
    assert example.startswith(f"{vendor}:")
    assert pushctl("explain", example).code == 0
