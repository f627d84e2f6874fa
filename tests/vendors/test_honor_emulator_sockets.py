"""The emulated Honor Push behind real sockets: TLS, HTTP/1.1 and HTTP/2, a host for tokens and one for pushes."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import quote_plus

import httpx
import socket_bench

PUSH, OAUTH = "push-api.cloud.honor.com", "iam.developer.honor.com"


class Client(socket_bench.Client):
    """It posts a form, then JSON with what it got."""

    vendor = "honor"

    def token(self, host: str = OAUTH) -> httpx.Response:
        client = self.profile["credentials"]["client_id"]
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": self.secret}
        return self.ask("POST", host, "/auth/token", data=form)

    def push(self, *tokens: str, host: str = PUSH) -> httpx.Response:
        shown = {"title": "Hi", "body": "There", "clickAction": {"type": 3}}
        body = {"android": {"notification": shown}, "token": list(tokens or [self.live])}
        headers = {
            "authorization": f"Bearer {self.token().json()['access_token']}",
            "timestamp": str(int(time.time() * 1000)),
        }
        path = f"/api/v1/{self.profile['app']['app_id']}/sendMessage"
        return self.ask("POST", host, path, json=body, headers=headers)


home, connect = socket_bench.fixtures(Client)


@socket_bench.HTTP2
def test_token_and_push(connect: Callable[..., Client], http2: bool) -> None:
    client = connect(http2=http2)
    answer = client.push()
    assert (answer.status_code, answer.json()["code"], answer.json()["data"]["sendResult"]) == (200, 200, True)
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    assert [entry.listener for entry in client.journal] == ["oauth", "push"]


def test_partial_failure(connect: Callable[..., Client]) -> None:
    client = connect()
    document = client.push(client.live, "gone").json()
    assert (document["code"], document["data"]["failTokens"]) == (80100000, ["gone"])


def test_no_secret_and_no_access_token_in_the_journal(connect: Callable[..., Client]) -> None:
    client = connect()
    token = client.token().json()["access_token"]
    used = client.push().request.headers["authorization"].removeprefix("Bearer ")
    written = repr(client.journal)
    assert len(client.journal) == 3
    for canary in (client.secret, quote_plus(client.secret), token, used):
        assert canary not in written


def test_credentials_of_a_scenario_come_with_its_profile(connect: Callable[..., Client]) -> None:
    answer = connect(scenario="wrong-secret").token()
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized_client")


def test_flow_control_is_a_503_with_an_empty_body(connect: Callable[..., Client]) -> None:
    answer = connect(scenario="quota").push()
    assert (answer.status_code, answer.content) == (503, b"")


@socket_bench.NO_ANSWER
def test_answer_that_is_none(connect: Callable[..., Client], scenario: str) -> None:
    connect(scenario=scenario).pushes_in_vain(before=1)


def test_older_hosts_lead_to_the_same_services(connect: Callable[..., Client]) -> None:
    client = connect()
    assert client.token("iam.developer.hihonor.com").status_code == 200
    assert client.push(host="push-api.cloud.hihonor.com").json()["code"] == 200
