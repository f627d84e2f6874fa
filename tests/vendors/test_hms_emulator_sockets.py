"""The emulated Push Kit behind real sockets: TLS, HTTP/1.1 and HTTP/2, a host for tokens and one for pushes."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote_plus

import httpx
import socket_bench

PUSH, OAUTH = "push-api.cloud.huawei.com", "oauth-login.cloud.huawei.com"


class Client(socket_bench.Client):
    """It posts a form, then JSON with what it got."""

    vendor = "hms"

    def token(self) -> httpx.Response:
        client = self.profile["app"]["app_id"]
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": self.secret}
        return self.ask("POST", OAUTH, "/oauth2/v3/token", data=form)

    def push(self, *tokens: str) -> httpx.Response:
        shown = {"click_action": {"type": 3}}
        message = {"notification": {"title": "Hi", "body": "There"}, "android": {"notification": shown}}
        body = {"validate_only": False, "message": {**message, "token": list(tokens or [self.live])}}
        headers = {"authorization": f"Bearer {self.token().json()['access_token']}"}
        path = f"/v1/{self.profile['app']['app_id']}/messages:send"
        return self.ask("POST", PUSH, path, json=body, headers=headers)


home, connect = socket_bench.fixtures(Client)


@socket_bench.HTTP2
def test_token_and_push(connect: Callable[..., Client], http2: bool) -> None:
    client = connect(http2=http2)
    answer = client.push()
    assert (answer.status_code, answer.json()["code"]) == (200, "80000000")
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    assert [entry.listener for entry in client.journal] == ["oauth", "push"]


def test_partial_failure(connect: Callable[..., Client]) -> None:
    client = connect()
    document = client.push(client.live, "gone").json()
    assert document["code"] == "80100000"
    assert json.loads(document["msg"]) == {"success": 1, "failure": 1, "illegal_tokens": ["gone"]}


def test_no_secret_and_no_access_token_in_the_journal(connect: Callable[..., Client]) -> None:
    client = connect()
    token = client.token().json()["access_token"]
    used = client.push().request.headers["authorization"].removeprefix("Bearer ")
    written = repr(client.journal)
    assert len(client.journal) == 3
    signed = [each.rpartition("/")[2] for each in (token, used)]
    for form in (client.secret, quote_plus(client.secret), *signed):
        assert form not in written


def test_credentials_of_a_scenario_come_with_its_profile(connect: Callable[..., Client]) -> None:
    answer = connect(scenario="wrong-secret").token()
    assert (answer.status_code, answer.json()["error"], answer.json()["sub_error"]) == (400, 1101, 12304)


def test_flow_control_is_a_503_with_an_empty_body(connect: Callable[..., Client]) -> None:
    answer = connect(scenario="flow-control").push()
    assert (answer.status_code, answer.content) == (503, b"")


@socket_bench.NO_ANSWER
def test_answer_that_is_none(connect: Callable[..., Client], scenario: str) -> None:
    connect(scenario=scenario).pushes_in_vain(before=1)


def test_old_names_of_the_hosts_lead_to_the_same_services(connect: Callable[..., Client]) -> None:
    client = connect()
    assert client.ask("POST", "api.push.hicloud.com", "/pushsend.do", data={"nsp_svc": "x"}).status_code == 404
    older = client.ask("POST", "login.cloud.huawei.com", "/oauth2/v2/token", data={"a": "b"})
    assert older.json()["sub_error"] == 20182
