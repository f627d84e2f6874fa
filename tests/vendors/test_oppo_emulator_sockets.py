"""The emulated OPPO Push behind real sockets: TLS, HTTP/1.1 and HTTP/2, the hosts of both regions and those beside
them."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

import pushctl.sandbox
from pushctl.core.message import Message
from pushctl.sandbox import Running
from pushctl.sandbox.journal import Entry

CHINA, OLD_CHINA = "api-push-cn.heytapmobi.com", "api.push.oppomobile.com"
ABROAD = "api-intl.push.oppomobile.com"
FEEDBACK, DEVICES, MEDIA = (
    "feedback.push.oppomobile.com",
    "api-device.push.heytapmobi.com",
    "api-media.push.heytapmobi.com",
)
DEAD = "CN_" + "0" * 32


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("oppo-sockets")


@pytest.fixture
def connect(home: Path) -> Iterator[Callable[..., Client]]:
    """Starts a sandbox and a client of it; both are closed at the end, and there were no internal errors."""
    made: list[Client] = []

    def run(*, http2: bool = False, **settings: Any) -> Client:
        made.append(Client(pushctl.sandbox.start(["oppo"], home=home, **settings), http2=http2))
        return made[-1]

    yield run
    for client in made:
        client.http.close()
        server = client.running._server
        client.running.close()
        assert server is None or server.troubles == []


class Client:
    """A client that knows nothing of pushctl: it signs, posts forms, and reads codes."""

    def __init__(self, running: Running, *, http2: bool = False) -> None:
        self.running = running
        profile = running.profile("oppo", "production")["credentials"]
        self.app_key = profile["app_key"]
        self.secret = Path(profile["master_secret"].removeprefix("file:")).read_text()
        self.live = running.target("oppo", Message(title="Hi"), "production").value
        trust = ssl.create_default_context(cafile=running.ca)
        self.http = httpx.Client(verify=trust, http2=http2, timeout=5, trust_env=False)

    @property
    def journal(self) -> list[Entry]:
        assert self.running.journal is not None
        return self.running.journal.entries

    def ask(self, method: str, host: str, path: str, **content: Any) -> httpx.Response:
        ip, port = self.running.via[host]
        headers = {"host": host, **content.pop("headers", {})}
        extensions = {"sni_hostname": host}
        url = f"https://{ip}:{port}/server/v1/{path}"
        return self.http.request(method, url, headers=headers, extensions=extensions, **content)

    def token(self, host: str = CHINA) -> str:
        stamp = str(int(time.time() * 1000))
        sign = sha256(f"{self.app_key}{stamp}{self.secret}".encode()).hexdigest()
        form = {"app_key": self.app_key, "timestamp": stamp, "sign": sign}
        return str(self.ask("POST", host, "auth", data=form).json()["data"]["auth_token"])

    def post(self, interface: str, host: str = CHINA, **fields: str) -> httpx.Response:
        form = {"auth_token": self.token(host), **fields}
        return self.ask("POST", host, f"message/notification/{interface}", data=form)

    def push(self, *targets: str, host: str = CHINA) -> httpx.Response:
        messages = [
            {"target_type": 2, "target_value": target, "notification": {"title": "标题 & + %", "content": "There"}}
            for target in targets or [self.live]
        ]
        if len(messages) == 1:
            return self.post("unicast", host, message=json.dumps(messages[0]))
        return self.post("unicast_batch", host, messages=json.dumps(messages, ensure_ascii=False))


@pytest.mark.parametrize("http2", [False, True])
def test_token_and_message(connect: Callable[..., Client], http2: bool) -> None:
    client = connect(http2=http2)
    answer = client.push()
    assert (answer.status_code, answer.json()["code"], answer.json()["data"].keys()) == (200, 0, {"messageId"})
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    assert [entry.listener for entry in client.journal] == ["push", "push"]


@pytest.mark.parametrize("http2", [False, True])
def test_batch_and_broadcast_with_a_dead_target(connect: Callable[..., Client], http2: bool) -> None:
    client = connect(http2=http2)
    rows = client.push(client.live, DEAD).json()["data"]
    assert [row.get("errorCode") for row in rows] == [None, 10000]
    saved = client.post("save_message_content", title="Hi", content="There").json()["data"]["message_id"]
    fields = {"message_id": saved, "target_type": "2", "target_value": f"{client.live};{DEAD}"}
    assert client.post("broadcast", **fields).json()["data"]["10000"] == [DEAD]


def test_hosts_of_china_are_one_service_and_the_other_region_is_another(connect: Callable[..., Client]) -> None:
    client = connect()
    assert client.push(host=OLD_CHINA).json()["code"] == 0
    assert client.push(host=ABROAD).json()["code"] == 10000
    form = {"auth_token": client.token(), "message": "{}"}
    assert client.ask("POST", ABROAD, "message/notification/unicast", data=form).json()["code"] == 11


def test_hosts_beside_them(connect: Callable[..., Client]) -> None:
    client = connect()
    token = {"auth_token": client.token()}
    found = client.ask("GET", FEEDBACK, "feedback/fetch_invalid_regidList", params=token).json()
    assert found["data"]["totalCount"] == len(found["data"]["registration_ids"]) > 0
    tags = {**token, "registration_id": client.live, "tags": ["a"]}
    assert client.ask("POST", DEVICES, "device/subscribe_tags", json=tags).json()["code"] == 0
    picture = {"file": ("a.png", b"\x89PNG\r\n\x1a\n", "image/png")}
    parts = {**token, "picture_ttl": "86400"}
    answer = client.ask("POST", MEDIA, "media/upload/small_picture", data=parts, files=picture).json()
    assert (answer["code"], len(answer["data"]["small_picture_id"])) == (0, 24)


def test_repeated_headers_and_empty_fields(connect: Callable[..., Client]) -> None:
    client = connect()
    message = {"target_type": 2, "target_value": client.live, "notification": {"title": "Hi", "content": "There"}}
    body = httpx.QueryParams([("auth_token", ""), ("sub_title", ""), ("message", json.dumps(message))])
    kind = ("content-type", "application/x-www-form-urlencoded")
    ip, port = client.running.via[CHINA]
    headers = [("host", CHINA), kind, kind, ("accept", "*/*"), ("accept", "a/b"), ("Auth_Token", client.token())]
    url = f"https://{ip}:{port}/server/v1/message/notification/unicast"
    extensions = {"sni_hostname": CHINA}
    answer = client.http.post(url, content=str(body), headers=headers, extensions=extensions)
    assert answer.json()["code"] == 0


def test_no_secret_and_no_token_in_the_journal(connect: Callable[..., Client]) -> None:
    client = connect()
    token = client.token()
    client.push()
    params = {"auth_token": token}
    client.ask("GET", FEEDBACK, "feedback/fetch_invalid_regidList", params=params, headers={"auth_token": token})
    client.ask("POST", DEVICES, "device/subscribe_tags", json={**params, "registration_id": client.live, "tags": ["a"]})
    written = repr(client.journal)
    assert len(client.journal) == 5
    for canary in (client.secret, token):
        assert canary not in written


def test_credentials_of_a_scenario_come_with_its_profile(connect: Callable[..., Client]) -> None:
    client = connect(scenario="app-secret")
    with pytest.raises(KeyError, match="data"):
        client.token()
    assert [entry.code for entry in client.journal] == ["16"]


@pytest.mark.parametrize("scenario", ["drop-connection", "garbage", "half-frame"])
def test_answer_that_is_none(connect: Callable[..., Client], scenario: str) -> None:
    client = connect(scenario=scenario)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        client.push()
    assert client.journal[0].status == 200
    assert client.journal[-1].rule == f"scenario {scenario}"
