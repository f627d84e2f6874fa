"""Whatever a server answers, and however it stops: a verdict, a valid document, no traceback, nothing lost."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loopback import TOKEN, Loopback, http, loopback

PROJECT = Path(__file__).parents[2]
SAMPLES = PROJECT / "profiles"
PROFILES = {"fcm": "fcm-other-credentials", "hms": "hms-oauth"}
ENVIRON = {
    "HONOR_CLIENT_SECRET": "not-a-real-secret",
    "FCM_TOKEN": "ya29.not-a-real-token",
    "MI_APP_SECRET": "not/a+real+app+secret==",
    "OPPO_MASTER_SECRET": "fedcba9876543210fedcba9876543210",
    "VIVO_APP_SECRET": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    "MEIZU_APP_SECRET": "fedcba9876543210fedcba9876543210",
}
DEVICE = {
    "fcm": "f" * 22 + ":APA91b" + "A" * 134,
    "hms": "IQAAAA" + "A" * 120,
    "harmony": "MAMzLg" + "A" * 100,
    "honor": "BAEAAAAAB." + "A" * 120,
    "mi": "d/+" + "x" * 61,
    "oppo": "CN_" + "a" * 32,
    "vivo": "v2-" + "A" * 56,
    "meizu": "TST" + "a" * 42,
}
TEXTS = ["--title", "Order shipped", "--body", "Your parcel is on its way"]


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


def send(pushctl: Any, server: Loopback, vendor: str, *argv: str) -> dict[str, Any]:
    """A push to this server; its document."""
    told = ["send", *to(server, vendor), "-t", DEVICE[vendor], *TEXTS, *argv, "--json"]
    return document(pushctl(*told, env=ENVIRON))


def to(server: Loopback, vendor: str) -> list[str]:
    profile = str(SAMPLES / f"{PROFILES.get(vendor, vendor)}.toml")
    return ["-p", profile, "--endpoint", server.url, "--timeout", "3s"]


def document(ran: Any) -> dict[str, Any]:
    """What was printed: one JSON document without NaN, which says its own exit code."""
    assert "internal error:" not in ran.out + ran.err
    found: dict[str, Any] = json.loads(ran.out, parse_constant=no_constant)
    assert (ran.code, ran.code == 0) == (found["exit_code"], found["ok"]), ran.out
    return found


def no_constant(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


def code_of(vendor: str) -> str:
    return f"NOT_{'HUAWEI' if vendor in ('hms', 'harmony') else vendor.partition('-')[0].upper()}"


JSON = "content-type: application/json"
ANSWERS: list[tuple[str, bytes, str, str]] = [  # a name, the answer, its code ("" for "not the vendor"), what is said
    ("nothing", b"", "CLOSED", "closed the connection without an answer"),
    ("no HTTP", b"SSH-2.0-OpenSSH\r\n\r\n", "PROTOCOL", "no HTTP"),
    ("an empty success", http(b""), "", "with an empty body"),
    ("a cut body", http(b'{"code":', length=100), "CLOSED", "in the middle of its answer"),
    ("a wrong length", http(b'{"code":"80000000"}', length=5), "", "with the body"),
    ("a negative length", http(b"{}", length=-1), "PROTOCOL", "no HTTP"),
    ("a login page", http(b"<html><title>Sign in</title></html>"), "", "an HTML page headed 'Sign in'"),
    ("gzip of garbage", http(b"garbage", "200 OK", "content-encoding: gzip"), "PROTOCOL", "cannot be unpacked"),
    ("a gzip bomb", http(gzip.compress(bytes(9 << 20)), "200 OK", "content-encoding: gzip"), "PROTOCOL", "8 MiB"),
    ("9 MiB", http(b'{"a":"' + b"x" * (9 << 20) + b'"}'), "PROTOCOL", "more than 8 MiB"),
    ("no object", http(b"[1]", "200 OK", JSON), "", "with the body '[1]'"),
    ("NaN", http(b'{"code":NaN,"name":NaN}', "200 OK", JSON), "", "with the body"),
    ("a huge number", http(b'{"code":' + b"9" * 5000 + b"}", "200 OK", JSON), "", "with the body"),
    ("endless nesting", http(b'{"a":' * 5000 + b"1" + b"}" * 5000, "200 OK", JSON), "", "with the body"),
    ("no UTF-8", http(b'{"code":"\xff\xfe"}', "200 OK", JSON), "", "with the body"),
    (
        "a redirect",
        http(b"", "307 Temporary Redirect", "location: https://evil.example/x"),
        "",
        "https://evil.example/x",
    ),
]


@pytest.mark.parametrize(("answer", "code", "said"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
@pytest.mark.parametrize("vendor", ["fcm", "hms", "honor", "mi", "oppo", "vivo", "meizu"])  # HarmonyOS is judged as hms
def test_an_answer_that_is_none(
    pushctl: Any, server: Loopback, vendor: str, answer: bytes, code: str, said: str
) -> None:
    server.push = answer
    (row,) = send(pushctl, server, vendor)["results"]
    assert (row["outcome"], row["sent"], row["code"]) == ("unknown", "maybe", code or code_of(vendor))
    assert said in row["summary"]
    assert row["token_dead"] is None


@pytest.mark.parametrize(("answer", "code", "said"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
@pytest.mark.parametrize("vendor", ["hms", "honor", "oppo", "vivo"])
def test_a_token_request_that_is_not_answered_is_no_push_that_may_have_arrived(
    pushctl: Any, server: Loopback, vendor: str, answer: bytes, code: str, said: str
) -> None:
    server.auth = answer
    (row,) = send(pushctl, server, vendor)["results"]
    assert (row["outcome"], row["sent"], row["retryable"]) == ("unknown", "no", True)
    assert (row["code"], said in row["summary"]) == (code or code_of(vendor), True)


GRANTS = [  # a token request's answer with @ for the token; the code of one without a token ("" for "not the vendor")
    ("hms", '{"access_token":@,"expires_in":3600}', ""),
    ("honor", '{"access_token":@,"expires_in":3600}', ""),
    ("fcm-service-account", '{"access_token":@,"expires_in":3600}', ""),
    ("oppo", '{"code":0,"message":"success","data":{"auth_token":@,"create_time":1e400}}', "auth_token=missing"),
    ("vivo", '{"result":0,"desc":"ok","authToken":@}', "authToken=missing"),
]


@pytest.mark.parametrize("token", ['""', "5", "null", '"a b"', '"a\\nb"', '"\\u00e9"', '["x"]'])
@pytest.mark.parametrize(("vendor", "answer", "code"), GRANTS, ids=[row[0] for row in GRANTS])
def test_a_token_that_is_none(pushctl: Any, server: Loopback, vendor: str, answer: str, code: str, token: str) -> None:
    server.auth = http(answer.replace("@", token).encode())
    ran = pushctl("auth", *to(server, vendor), "--json", env=ENVIRON)
    found = document(ran)
    known = ("refused", "yes", code) if code else ("unknown", "no", code_of(vendor))
    assert (found["outcome"], found["sent"], found["code"]) == known, ran.out


@pytest.mark.parametrize(
    "life", ['"x"', "-1", "0", "1e400", "9" * 30, "null", "true", "[]", '"NaN"', "NaN", '"1e9999"']
)
@pytest.mark.parametrize("vendor", ["hms", "honor"])
def test_a_life_of_nonsense_is_an_hour(pushctl: Any, server: Loopback, vendor: str, life: str) -> None:
    server.auth = http(b'{"access_token":"made-by-the-test","expires_in":' + life.encode() + b"}")
    server.push = http(b'{"code":"80000000","msg":"Success","requestId":"1"}')
    assert send(pushctl, server, vendor)["results"][0]["outcome"] == "accepted"


@pytest.mark.parametrize("after", ["9" * 400, "99999999", "soon", "-5"])
def test_a_pause_that_nobody_can_mean_is_none(pushctl: Any, server: Loopback, after: str) -> None:
    body = b'{"error":{"code":503,"status":"UNAVAILABLE","message":"x"}}'
    server.push = http(body, "503 Service Unavailable", JSON, f"retry-after: {after}")
    (row,) = send(pushctl, server, "fcm")["results"]
    assert (row["code"], row["retryable"]) == ("UNAVAILABLE", True)
    assert "after" not in row["retry_hint"]


def test_a_clock_that_is_wrong_by_years_is_told_in_days(pushctl: Any, server: Loopback) -> None:
    server.push = http(b"{}", "500 Oops", JSON, "date: Mon, 01 Jan 1990 00:00:00 GMT")
    findings = send(pushctl, server, "harmony")["findings"]
    assert any("days ahead of the server's" in one["text"] for one in findings)


SPOKEN = [  # a vendor, its answer with @ for the code, the codes of a success and of a refusal
    ("mi", '{"result":"ok","code":@,"reason":"x","data":{"id":"scm1"}}', "0", "10020"),
    ("oppo", '{"code":@,"message":"x","data":{"messageId":"1"}}', "0", "13"),
    ("vivo", '{"result":@,"desc":"x","taskId":"1"}', "0", "10055"),
    ("meizu", '{"code":@,"message":"x","value":"","msgId":"1"}', "200", "110000"),
]


@pytest.mark.parametrize("form", ["@", '"@"', '" @\\n"', "in a string"])
@pytest.mark.parametrize(("vendor", "answer", "good", "bad"), SPOKEN, ids=[row[0] for row in SPOKEN])
def test_a_code_may_be_a_number_or_text_and_the_whole_in_a_string(
    pushctl: Any, server: Loopback, vendor: str, answer: str, good: str, bad: str, form: str
) -> None:
    for code, outcome in ((good, "accepted"), (bad, "refused")):
        body = answer.replace("@", form.replace("@", code)) if "@" in form else json.dumps(answer.replace("@", code))
        server.push = http(body.encode(), "200 OK", JSON)
        (row,) = send(pushctl, server, vendor)["results"]
        assert (row["outcome"], row["code"]) == (outcome, code), row


@pytest.mark.parametrize("code", ["true", "0.5", "null", "[0]", '{"0":0}', '""', '" "'])
@pytest.mark.parametrize(("vendor", "answer"), [row[:2] for row in SPOKEN], ids=[row[0] for row in SPOKEN])
def test_a_code_that_is_none_is_no_success(pushctl: Any, server: Loopback, vendor: str, answer: str, code: str) -> None:
    server.push = http(answer.replace("@", code).replace('"result":"ok",', "").encode(), "200 OK", JSON)
    (row,) = send(pushctl, server, vendor)["results"]
    assert (row["outcome"], row["sent"], row["code"]) == ("unknown", "maybe", code_of(vendor))


NONSENSE = r"""
{"androidDeliveryData": [{"date": {"year": 1e400}, "data": {"messageOutcomePercents": {"a": HUGE, "b": NaN, "c": -1}}},
  5, null], "nextPageToken": "\ud800"}

{"topicSubscriptions": [5, {"topicName": 5}], "nextPageToken": "\ud800", "rel": {"topics": [1]}}

{"results": [5, {"error": 5}, {"error": ""}]}

{"code": "80100000", "msg": "{\"illegalTokens\":5,\"success\":1e400}", "errors": [{"index": true}, 5], "topics": [5]}

{"error": {"code": "x", "details": {"a": 1}, "message": [1]}}

{"code": 0, "trace_id": 5, "data": {"id": [1], "bad_regids": {"a": 1}, "list": [[1], {"a": 1}, "\ud800", 5],
  "day_quota": "HUGE", "day_acked": -1, "\ud800": "\ud800",
  "data": [5, null, {"resolved": 1e400, "delivered": "0", "bar_closed": "\u0663"}]}}

{"code": "0", "data": {"registration_ids": [5, "\ud800", null], "totalCount": "\ud800", "messageId": {"a": 1},
  "41": [5], "10000": "[;,]", "-1": "x"}}

{"code": 0, "data": [5, null, [], {"errorCode": [1]}, {"errorCode": 1e400, "registrationId": [1]},
  {"registrationId": 5}]}

{"result": 0, "desc": [1], "taskId": {"a": 1}, "requestId": 1e400, "invalidUser": {"status": [1], "userid": 5},
  "invalidUsers": [5, null, {"status": 4}, {"status": "\ud800", "userid": [1]}], "data": [{"userid": "x", "status": 1}],
  "statistics": [5, {"taskId": [1], "send": 1e400, "receive": "HUGE", "display": -1}, {"\ud800": "\ud800"}]}

{"result": 0, "requestId": 1e400, "data": [5, {"userid": "\ud800", "status": 1}]}

{"code": "200", "message": [1], "msgId": {"a": 1}, "redirect": ["x"], "value": {"110003": [5, null, "\ud800"],
  "x": ["y"], "taskId": 1e400, "targetNo ": HUGE, "barTypeSwitch": "\ud800", "directTypeSwitch": 1e400}}

{"code": 200, "value": [5, null, {"date": [1], "targetNo": "\ud800"}, {"date": "\ud800", "clickNo": true}]}

{"code": 200, "value": "{\"110002\":5,\"\":[\"x\"]}", "message": "\ud800"}
""".replace("HUGE", "9" * 400).strip().split("\n\n")  # fmt: skip
WHATEVER = [*(row[1] for row in ANSWERS[:8]), *(http(body.encode(), "200 OK", JSON) for body in NONSENSE)]
ASKED = [
    ("fcm", ["trace", "--app-id", "1:123456789012:android:0a1b2c3d4e5f6789"]),
    ("fcm", ["token", "inspect", DEVICE["fcm"]]),
    ("fcm", ["topic", "list", "-t", DEVICE["fcm"]]),
    ("fcm", ["topic", "subscribe", "news", "-t", DEVICE["fcm"], "-t", DEVICE["fcm"] + "B"]),
    ("hms", ["token", "inspect", DEVICE["hms"]]),
    ("hms", ["topic", "list", "-t", DEVICE["hms"]]),
    ("hms", ["topic", "unsubscribe", "news", "-t", DEVICE["hms"]]),
    ("harmony", ["revoke", "5", "-t", DEVICE["harmony"]]),
    ("mi", ["trace", "scm01b17502941312345"]),
    ("mi", ["trace", "--job-key", "evening"]),
    ("mi", ["quota"]),
    ("mi", ["token", "inspect", DEVICE["mi"]]),
    ("mi", ["topic", "list", "-t", DEVICE["mi"]]),
    ("mi", ["topic", "subscribe", "news", "-t", DEVICE["mi"]]),
    ("mi", ["revoke", "5", "-t", DEVICE["mi"]]),
    ("oppo", ["token", "inspect", DEVICE["oppo"]]),
    ("vivo", ["trace", "542600000000000001"]),
    ("vivo", ["token", "inspect", DEVICE["vivo"]]),
    ("vivo", ["revoke", "542600000000000001", "-t", DEVICE["vivo"]]),
    ("meizu", ["trace"]),
    ("meizu", ["trace", "48"]),
    ("meizu", ["token", "inspect", DEVICE["meizu"]]),
    *((vendor, ["send", "-t", DEVICE[vendor], *TEXTS]) for vendor in ("mi", "oppo", "vivo", "meizu")),
    *((vendor, ["send", "-t", DEVICE[vendor], "-t", DEVICE[vendor][:-1] + "b", *TEXTS]) for vendor in DEVICE),
]
PREPARED = [  # what is deposited at the vendor first, and then sent
    ("oppo", "broadcast = true", []),
    ("vivo", "notify_type = 4", ["-t", DEVICE["vivo"][:-1] + "b"]),
    ("meizu", "task = true", []),
]


@pytest.mark.parametrize(("vendor", "argv"), ASKED, ids=[f"{row[0]} {' '.join(row[1][:2])}" for row in ASKED])
def test_a_question_survives_every_answer(pushctl: Any, server: Loopback, vendor: str, argv: list[str]) -> None:
    for answer in WHATEVER[8:] if argv[0] == "send" else WHATEVER:  # what is no JSON is looked at above
        server.push = answer
        document(pushctl(*argv, *to(server, vendor), "--json", env=ENVIRON))


@pytest.mark.parametrize(("vendor", "option", "more"), PREPARED, ids=[row[0] for row in PREPARED])
def test_a_message_that_is_deposited_first_survives_every_answer(
    pushctl: Any, server: Loopback, tmp_path: Path, vendor: str, option: str, more: list[str]
) -> None:
    (tmp_path / "it.toml").write_text(f"[{vendor}]\n{option}\n")
    for answer in WHATEVER:
        server.push = answer
        found = send(pushctl, server, vendor, "--message", "it.toml", *more)
        assert len(found["results"]) == 1 + len(more) // 2
        assert all(row["outcome"] != "accepted" for row in found["results"]), found
        assert all(row["sent"] == "no" for row in found["results"] if row["outcome"] == "unknown"), "no push went out"


@pytest.mark.parametrize("argv", [["topic", "subscribe", "..", "-t", "x"], ["token", "inspect", ".."]])
def test_what_would_be_a_step_in_a_path_is_not_sent(pushctl: Any, server: Loopback, argv: list[str]) -> None:
    ran = pushctl(*argv, *to(server, "fcm"), "--json", env=ENVIRON)
    assert document(ran)["exit_code"] == 2, ran.out


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one child")
@pytest.mark.parametrize("vendor", ["fcm-service-account", "hms", "oppo", "vivo"])
def test_ctrl_c_in_the_middle_of_the_token_request(server: Loopback, vendor: str) -> None:
    server.auth = None
    argv = ["send", *to(server, vendor), "--timeout", "20s", "-t", DEVICE[vendor.partition("-")[0]], *TEXTS]
    child = subprocess.Popen(
        [sys.executable, "-m", "pushctl", *argv, "--json"],
        env={**os.environ, **ENVIRON, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.asked.wait(20), child.communicate(timeout=5)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=20)
    finally:
        child.kill()
        child.wait()
    assert child.returncode == 130, out + err
    assert (json.loads(out)["exit_code"], json.loads(out)["results"]) == (130, [])
    assert len(err.splitlines()) == (0 if vendor.startswith("fcm") else 1), "what it would be treated as, and no more"


def test_ctrl_c_while_a_token_is_renewed_loses_no_answer(
    pushctl: Any, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pushctl.flows.session import Session

    grant = Session.grant

    def interrupted(self: Session, call: str, *, refused: Any = None) -> Any:
        if refused is not None:
            raise KeyboardInterrupt
        return grant(self, call)

    monkeypatch.setattr(Session, "grant", interrupted)
    server.auth = http(TOKEN)
    server.push = http(b'{"code":"80200003","msg":"expired","requestId":"1"}', "401 Unauthorized", JSON)
    found = send(pushctl, server, "hms")
    assert (found["exit_code"], [row["code"] for row in found["results"]]) == (130, ["80200003"])
