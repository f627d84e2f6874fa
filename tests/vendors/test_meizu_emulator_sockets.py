"""The emulated Flyme Push behind real sockets: TLS, HTTP/1.1 and HTTP/2, two hosts in each of two regions."""

from __future__ import annotations

import hashlib
import json
import ssl
from collections.abc import Callable
from http.client import HTTPSConnection
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx
import socket_bench

PUSH, SUBSCRIPTION = "server-api-push.meizu.com", "api-push.meizu.com"
BY_ID = "/garcia/api/server/push/varnished/pushByPushId"
FORM = "application/x-www-form-urlencoded;charset=UTF-8"


class Client(socket_bench.Client):
    """It signs as Meizu's documentation has it, and posts a form."""

    vendor, secret_in = "meizu", "app_secret"

    def signed(self, **parameters: str) -> dict[str, str]:
        every = {"appId": self.profile["app"]["app_id"], **parameters}
        base = "".join(f"{name}={value}" for name, value in sorted(every.items()))
        return {**every, "sign": hashlib.md5(f"{base}{self.secret}".encode()).hexdigest()}

    def call(self, method: str, host: str, path: str, **parameters: str) -> httpx.Response:
        told: dict[str, Any] = {"params" if method == "GET" else "data": self.signed(**parameters)}
        return self.ask(method, host, path, **told)

    def push(self, *tokens: str, host: str = PUSH, title: str = "你好 a=b&c+d%") -> httpx.Response:
        message = {"noticeBarInfo": {"title": title, "content": "There is news.", "noticeMsgType": 1}}
        text = json.dumps(message, ensure_ascii=False)
        return self.call("POST", host, BY_ID, pushIds=",".join(tokens or (self.live,)), messageJson=text)


home, connect = socket_bench.fixtures(Client)


@socket_bench.HTTP2
def test_push_and_question(connect: Callable[..., Client], http2: bool) -> None:
    client = connect(http2=http2)
    answer = client.push()
    assert (answer.status_code, answer.json()["code"], answer.json()["value"]) == (200, "200", {})
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    path = "/garcia/api/server/message/getRegisterSwitch"
    for method in ("GET", "POST"):
        asked = client.call(method, SUBSCRIPTION, path, pushId=client.live).json()
        assert asked["value"] == {"barTypeSwitch": 1, "directTypeSwitch": 1, "pushId": client.live}
    assert [entry.listener for entry in client.journal] == ["push", "subscription", "subscription"]


def test_partial_failure(connect: Callable[..., Client]) -> None:
    client = connect()
    document = client.push(client.live, "gone").json()
    assert (document["code"], document["value"]) == ("200", {"110003": ["gone"]})


@socket_bench.HTTP2
def test_overseas_hosts_lead_to_the_same_services_and_apps_of_the_other_region_are_unknown(
    connect: Callable[..., Client], http2: bool
) -> None:
    assert connect(http2=http2).push(host="server-api-push.in.meizu.com").json()["code"] == "200"
    overseas = connect(http2=http2, scenario="overseas-app")
    assert overseas.push().json() == {"code": "110000", "message": "appId不合法", "value": "", "redirect": ""}
    assert overseas.push(host="server-api-push.in.meizu.com").json()["code"] == "200"


def test_no_secret_and_no_signature_in_the_journal(connect: Callable[..., Client]) -> None:
    client = connect()
    client.push()
    client.call("GET", SUBSCRIPTION, "/garcia/api/server/message/getSubTags", pushId=client.live)
    sign = client.signed(pushId=client.live)["sign"]
    written = repr(client.journal)
    assert len(client.journal) == 2
    for canary in (client.secret, quote_plus(client.secret), sign):
        assert canary not in written


def test_repeated_headers_and_empty_fields_do_no_harm(connect: Callable[..., Client]) -> None:
    client = connect()
    ip, port = client.running.via[PUSH]
    text = '{"noticeBarInfo":{"title":"Hi","content":"There is news."}}'
    fields = client.signed(pushIds=client.live, messageJson=text, restrictedPackageNames="")
    body = f"{urlencode(fields)}&&".encode()
    connection = HTTPSConnection(ip, port, context=_unnamed(client.trust), timeout=5)
    connection.putrequest("POST", BY_ID, skip_host=True)
    headers = [("Host", PUSH), ("Content-Type", FORM), ("Accept", "*/*"), ("Accept", "*/*"), ("X-A", "1"), ("X-A", "2")]
    for name, value in (*headers, ("Content-Type", FORM), ("Content-Length", str(len(body)))):
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["code"]) == (200, "200")
    connection.close()


def _unnamed(trust: ssl.SSLContext) -> ssl.SSLContext:
    """The same trust for a connection that names the loopback address and not the host."""
    trust.check_hostname = False
    return trust


def test_credentials_of_a_scenario_come_with_its_profile(connect: Callable[..., Client]) -> None:
    answer = connect(scenario="wrong-secret").push()
    assert answer.json() == {"code": "1006", "message": "签名认证失败", "value": "", "redirect": ""}


@socket_bench.NO_ANSWER
def test_answer_that_is_none(connect: Callable[..., Client], scenario: str) -> None:
    connect(scenario=scenario).pushes_in_vain(before=0)
