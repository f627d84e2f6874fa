"""The vendor protocol before it is copied: three vendors that are built quite differently run through it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from toy_hms import ToyHms
from toy_vivo import ToyVivo
from toy_zim import ToyZim
from toys import Seen, serving, session

from pushctl.core.message import Message, Target
from pushctl.core.verdict import ExitCode
from pushctl.flows.send import Run, dry_run

HELLO = Message(title="Hello", body="World")


def tokens(number: int) -> list[tuple[Message, Target]]:
    return [(HELLO, Target("token", f"t{index}")) for index in range(number)]


def vivo(request: Seen) -> dict[str, Any]:
    match request.path:
        case "/message/auth":
            return {"result": 0, "authToken": "a1"}
        case "/message/saveListPayload":
            return {"result": 0, "taskId": "task-7"}
        case "/message/pushToList":
            ids = request.json["regIds"]
            return {"result": 0, "invalidUsers": [{"userid": i, "status": 2} for i in ids if i == "t5"]}
        case _:
            return {"result": 0, "taskId": "single-1"}


def test_two_step_batch_sends_2001_tokens_as_one_auth_one_save_two_lists_and_one_single_send(tmp_path: Path) -> None:
    with serving(vivo) as server, session(ToyVivo(), server, tmp_path, app_id="10004", app_key="k") as opened:
        run = Run(opened, tokens(2001))
        outcomes = Counter(result.verdict.says.outcome for result in run)
    assert Counter(server.paths()) == {
        "/message/auth": 1,
        "/message/saveListPayload": 1,
        "/message/pushToList": 2,
        "/message/send": 1,
    }
    assert outcomes == {"accepted": 2000, "refused": 1}
    dead = [r.verdict.target.value for r in run.report.results if r.verdict.says.token_dead]
    assert dead == ["t5"]
    assert all(r.json["taskId"] == "task-7" for r in server.seen if r.path == "/message/pushToList")
    assert run.report.exit_code is ExitCode.MIXED


def test_a_second_run_reuses_the_cached_grant(tmp_path: Path) -> None:
    with serving(vivo) as server:
        for _ in range(2):
            with session(ToyVivo(), server, tmp_path, app_id="10004", app_key="k") as opened:
                list(Run(opened, tokens(1)))
    assert server.paths() == ["/message/auth", "/message/send", "/message/send"]


def test_an_expired_grant_is_renewed_once_and_the_push_repeated(tmp_path: Path) -> None:
    answers = iter([{"result": 10000}, {"result": 0}])

    def expired(request: Seen) -> dict[str, Any]:
        return vivo(request) if request.path == "/message/auth" else next(answers)

    with serving(expired) as server, session(ToyVivo(), server, tmp_path, app_id="1", app_key="k") as opened:
        (result,) = Run(opened, tokens(1))
    assert result.verdict.says.outcome == "accepted"
    assert server.paths() == ["/message/auth", "/message/send", "/message/auth", "/message/send"]


def test_a_grant_that_is_not_taken_for_a_preparation_is_renewed_once_for_the_run(tmp_path: Path) -> None:
    answers = iter([{"result": 10000}])

    def expired(request: Seen) -> dict[str, Any]:
        return next(answers, vivo(request)) if request.path == "/message/saveListPayload" else vivo(request)

    with serving(expired) as server, session(ToyVivo(), server, tmp_path, app_id="1", app_key="k") as opened:
        outcomes = Counter(result.verdict.says.outcome for result in Run(opened, tokens(2)))
    assert outcomes == {"accepted": 2}
    auth, save = "/message/auth", "/message/saveListPayload"
    assert server.paths() == [auth, save, auth, save, "/message/pushToList"]


def test_a_grant_that_is_never_taken_for_a_preparation_is_reported(tmp_path: Path) -> None:
    def expired(request: Seen) -> dict[str, Any]:
        return {"result": 10000} if request.path == "/message/saveListPayload" else vivo(request)

    with serving(expired) as server, session(ToyVivo(), server, tmp_path, app_id="1", app_key="k") as opened:
        codes = [result.verdict.says.code for result in Run(opened, tokens(2000))]
    assert set(codes) == {"10000"}
    assert len(codes) == 2000
    assert Counter(server.paths()) == {"/message/auth": 2, "/message/saveListPayload": 2}


def test_a_grant_that_stays_expired_is_reported_and_not_asked_for_again(tmp_path: Path) -> None:
    def expired(request: Seen) -> dict[str, Any]:
        return vivo(request) if request.path == "/message/auth" else {"result": 10000}

    with serving(expired) as server, session(ToyVivo(), server, tmp_path, app_id="1", app_key="k") as opened:
        (result,) = Run(opened, tokens(1))
    assert result.verdict.says.code == "10000"
    assert server.paths().count("/message/auth") == 2


@pytest.mark.parametrize("refusing", ["/message/auth", "/message/saveListPayload"])
def test_a_refused_first_step_becomes_the_verdict_of_every_target(tmp_path: Path, refusing: str) -> None:
    def refuse(request: Seen) -> dict[str, Any]:
        return {"result": 10302} if request.path == refusing else vivo(request)

    with serving(refuse) as server, session(ToyVivo(), server, tmp_path, app_id="1", app_key="k") as opened:
        results = list(Run(opened, tokens(3)))
    assert [result.verdict.says.code for result in results] == ["10302"] * 3
    assert server.paths().count(refusing) == 1
    assert "/message/pushToList" not in server.paths()


def test_a_dry_run_of_a_two_step_batch_lists_every_step_and_sends_nothing(tmp_path: Path) -> None:
    with serving(vivo) as server, session(ToyVivo(), server, tmp_path, app_id="1", app_key="k") as opened:
        requests = dry_run(opened, tokens(1002))
    assert [request.call for request in requests] == ["auth", "save", "list", "list"]
    assert json.loads(requests[2].body(reveal=False))["taskId"] == "$PREPARED"
    assert not server.seen
    shown = b"".join(request.body(reveal=False) for request in requests)
    assert b"s3cret" not in shown
    assert b"$SIGN" in shown


def hms(request: Seen) -> dict[str, Any]:
    if request.path == "/oauth2/v3/token":
        return {"access_token": "oauth", "expires_in": 3600}
    bad = [token for token in request.json["message"]["token"] if token.endswith("7")]
    text = json.dumps({"success": 1, "failure": len(bad), "illegal_tokens": bad})
    return {"code": "80100000", "msg": text, "requestId": "r1"} if bad else {"code": "80000000", "msg": "Success"}


def test_a_partial_failure_inside_a_string_becomes_one_verdict_per_token(tmp_path: Path) -> None:
    with serving(hms) as server, session(ToyHms(), server, tmp_path, app_id="55") as opened:
        results = list(Run(opened, tokens(30)))
    assert [r.verdict.target.value for r in results if r.verdict.says.outcome == "refused"] == ["t7", "t17", "t27"]
    assert all(r.verdict.message_id == "r1" for r in results)
    assert server.seen[0].body == b"grant_type=client_credentials&client_id=55&client_secret=s3cret"
    assert server.paths() == ["/oauth2/v3/token", "/v1/55/messages:send"]


def test_a_run_without_any_success_says_so(tmp_path: Path) -> None:
    def none(request: Seen) -> dict[str, Any]:
        return hms(request) if "oauth" in request.path else {"code": "80300007", "msg": "All the tokens are invalid"}

    with serving(none) as server, session(ToyHms(), server, tmp_path, app_id="55") as opened:
        run = Run(opened, tokens(3))
        list(run)
    assert [finding.rule for finding in run.report.findings] == ["no-success-at-all"]


def zim(request: Seen) -> dict[str, Any]:
    if "QueryUserOnlineState" in request.path:
        return {"Code": 0, "UserStatus": [{"UserId": "t1", "Status": 0}] if "=t1" in request.path else []}
    user = request.json["ToUserId"][0]
    return {"Code": 0, "ErrorList": [{"UserId": user, "SubCode": 660200001}] if user == "t2" else []}


def test_a_query_before_each_push_tells_its_findings_and_every_request_is_signed_anew(tmp_path: Path) -> None:
    with serving(zim) as server, session(ToyZim(), server, tmp_path, app_id="12345") as opened:
        run = Run(opened, tokens(3))
        results = list(run)
    assert sorted((r.verdict.target.value, r.verdict.says.code) for r in results) == [
        ("t0", "0"),
        ("t1", "0"),
        ("t2", "660200001"),
    ]
    assert [finding.text.split()[0] for finding in run.report.findings] == ["t1"]
    assert len({request.path for request in server.seen}) == 6
    assert not any("s3cret" in request.path for request in server.seen)
