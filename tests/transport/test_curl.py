"""``--as curl``: the printed command is run, with a fake curl that records and with the real one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scripted_server import HOST, push

from pushctl.core.secret import Secret
from pushctl.core.wire import Request
from pushctl.transport.curl import curl
from pushctl.transport.route import Route

CANARY = "c4n4ry.Tok-en_/+=="
NASTY = "na\"s\\t'y %s $HOME `id` &=?#"
REAL = shutil.which("curl")

FAKE = f"""#!{sys.executable}
import json, os, sys
json.dump({{"argv": sys.argv[1:], "stdin": sys.stdin.read() if "--config" in sys.argv else ""}},
          open(os.environ["RECORD"], "w"))
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a printed command with /bin/sh, a fake curl first in PATH; returns what curl got."""
    fake = tmp_path / "curl"
    fake.write_text(FAKE)
    fake.chmod(0o755)
    token = tmp_path / "print-token"
    token.write_text(f"#!/bin/sh\nprintf %s '{CANARY}'\n")
    token.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("RECORD", str(tmp_path / "record.json"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    def call(script: str, **variables: str) -> dict:
        (tmp_path / "record.json").unlink(missing_ok=True)
        environment = {**os.environ, **variables}
        done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, env=environment, timeout=30)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return json.loads((tmp_path / "record.json").read_text())

    return call


def test_an_apns_push_reads_well():
    assert curl(push(), token_command="pushctl auth -p my-ios") == (
        "PUSHCTL_TOKEN=$(pushctl auth -p my-ios) &&\n"
        'printf \'header = "Authorization: bearer %s"\\n\' "$PUSHCTL_TOKEN" |\n'
        "curl --include --config - --http2 --request POST \\\n"
        "  --header 'apns-topic: com.example' \\\n"
        "  --header 'content-type:' \\\n"
        '  --data-raw \'{"aps":{"alert":"Hi"}}\' \\\n'
        f"  https://{HOST}/3/device/0000"
    )


def test_the_token_is_in_the_config_and_in_no_argument(run):
    seen = run(curl(push(), token_command="print-token"))
    assert seen["stdin"] == f'header = "Authorization: bearer {CANARY}"\n'
    assert CANARY not in " ".join(seen["argv"])


def test_a_request_without_a_secret_needs_no_config(run):
    seen = run(curl(push(headers=(("x", "it's $HOME"),)), http2=False))
    assert "--config" not in seen["argv"]
    assert "--http2" not in seen["argv"]
    assert "x: it's $HOME" in seen["argv"]


def test_a_secret_that_no_command_prints_is_asked_for(run):
    script = curl(push())
    assert '"${PUSHCTL_TOKEN:?' in script
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True)
    assert done.returncode != 0
    assert "PUSHCTL_TOKEN" in done.stderr


@pytest.mark.skipif(not shutil.which("openssl"), reason="the command makes the digest with openssl")
def test_a_digest_of_public_text_and_the_token_is_made_by_the_command(run):
    base = 'appId=1messageJson={"a":"it\'s 100% $HOME"}'
    sign = Secret("0" * 32, "$PUSHCTL_SIGN", digest=("md5", base))
    request = Request("send", "POST", f"https://{HOST}/push", form=(("appId", "1"), ("sign", sign)))

    got = run(curl(request, token_command="print-token"))

    made = hashlib.md5(f"{base}{CANARY}".encode(), usedforsecurity=False).hexdigest()
    assert f'data-urlencode = "sign={made}"' in got["stdin"]
    assert CANARY not in got["stdin"] + "".join(got["argv"])


def test_secrets_anywhere_are_escaped_for_where_they_stand(run):
    secret = Secret(NASTY, "$PUSHCTL_KEY")
    request = push(
        headers=(("X-Key", secret.within("k=")),),
        query=(("a b", "c&d"), ("key", secret)),
        json={"app": {"key": secret, "text": 'plain $PUSHCTL_KEY "x" \\ 100% \n'}},
    )
    seen = run(curl(request), PUSHCTL_KEY=NASTY)
    assert NASTY not in " ".join(seen["argv"])
    lines = [config_line(line) for line in seen["stdin"].splitlines()]
    assert lines[0] == ("header", f"X-Key: k={NASTY}")
    assert lines[1:3] == [("url-query", "a+b=c&d"), ("url-query", f"key={NASTY}")]
    assert lines[3][0] == "data-raw"
    assert json.loads(lines[3][1]) == {"app": {"key": NASTY, "text": 'plain $PUSHCTL_KEY "x" \\ 100% \n'}}


def config_line(line: str) -> tuple[str, str]:
    """Read one line as curl does: quotes, with backslash escapes for t n r v and the character itself."""
    option, _, quoted = line.partition(" = ")
    assert quoted[0] == quoted[-1] == '"'
    text, out, position = quoted[1:-1], "", 0
    while position < len(text):
        char = text[position]
        if char == "\\":
            position += 1
            char = {"t": "\t", "n": "\n", "r": "\r", "v": "\v"}.get(text[position], text[position])
        else:
            assert char != '"'
        out += char
        position += 1
    return option, out


@pytest.mark.parametrize("raw", [b"@/etc/passwd", b'it\'s\n"q" $(id) `id` \\n %s\r\n', "é 中 😀".encode(), b"-", b""])
def test_a_text_body_is_one_argument(run, raw):
    argv = run(curl(push(json=None, raw=raw), token_command="print-token"))["argv"]
    assert argv[argv.index("--data-raw") + 1] == raw.decode()


@pytest.mark.parametrize("raw", [b"\x00\x01\xff@%\\'", b"\xff\xfe", b"x" * 200_000, b"a\x00b"])
def test_a_body_that_cannot_be_an_argument_goes_through_a_file(tmp_path, monkeypatch, raw):
    keep = tmp_path / "kept"
    fake = tmp_path / "curl"
    fake.write_text(f'#!/bin/sh\nfor arg; do case $arg in @*) cat "${{arg#@}}" >{keep};; esac; done\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("PUSHCTL_TOKEN", "x")
    script = tmp_path / "script"
    script.write_text(curl(push(json=None, raw=raw)))
    subprocess.run(["/bin/sh", script], check=True, timeout=30)
    assert keep.read_bytes() == raw
    assert sorted(path.name for path in tmp_path.iterdir()) == ["curl", "kept", "script"]


def test_the_route_and_the_identity_become_options(run, tmp_path):
    proxy = Secret("http://me:canary@p.example:3128", "http://me:$PUSHCTL_PROXY_PASSWORD@p.example:3128")
    route = Route(proxy=proxy, ca_bundle=tmp_path / "a b.pem", total_s=2.5)
    script = curl(push(headers=()), route=route, identity="my cert.p12")
    assert "canary" not in script
    seen = run(script, PUSHCTL_PROXY_PASSWORD="canary")
    argv = " ".join(seen["argv"])
    assert seen["stdin"] == 'proxy-user = "me:canary"\n'
    assert f"--max-time 2.5 --cacert {tmp_path}/a b.pem --proxy http://p.example:3128" in argv
    assert "--cert my cert.p12 --cert-type P12" in argv


words = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ue000\ue001"), max_size=20)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=words.filter(lambda text: "$" not in text), secret=words)  # "$NAME" in a Secret's stand-in is a variable
def test_any_text_and_secret_survive_the_shell(run, text, secret):
    request = push(
        headers=(("x", Secret(secret, "$S").within(text)),), json={"t": text + "$S", "s": Secret(secret, "$S")}
    )
    seen = run(curl(request), S=secret or "-")
    header, body = (config_line(line)[1] for line in seen["stdin"].splitlines())
    assert header == f"x: {text}{secret or '-'}"
    assert json.loads(body) == {"t": text + "$S", "s": secret or "-"}


@pytest.mark.skipif(REAL is None, reason="curl is not installed")
class TestRealCurl:
    """Against a TLS server on loopback."""

    def go(self, script, **variables):
        environment = {"PATH": os.environ["PATH"], **variables}
        return subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, env=environment, timeout=30)

    def test_http2_with_a_token(self, serve, route_to):
        server = serve(lambda peer: peer.greet().serve(lambda p, a: p.respond(a, 200, b"fine", apns_id="A")))
        done = self.go(curl(push(), token_command="echo t0ken", route=route_to(server)))
        assert done.returncode == 0, done.stderr
        assert "HTTP/2 200" in done.stdout
        arrived = server.requests[0]
        assert arrived.header("authorization") == "bearer t0ken"
        assert arrived.header(":authority") == HOST
        assert arrived.header("content-type") is None
        assert bytes(arrived.body) == b'{"aps":{"alert":"Hi"}}'

    def test_secrets_in_query_and_form(self, serve, route_to):
        server = serve(lambda peer: peer.greet().serve())
        key = Secret(NASTY, "$KEY")
        form = (("a b", "1 2"), ("key", key), ("key", "two"))
        request = Request("auth", "POST", f"https://{HOST}/x", query=(("q", key),), form=form)
        done = self.go(curl(request, route=route_to(server)), KEY=NASTY)
        if "url-query" in done.stderr:
            pytest.skip("this curl is older than 7.87")
        assert done.returncode == 0, done.stderr
        arrived = server.requests[0]
        assert parse_qsl(arrived.header(":path").partition("?")[2]) == [("q", NASTY)]
        assert parse_qsl(bytes(arrived.body).decode()) == [(n, NASTY if v is key else v) for n, v in form]
        assert arrived.header("content-type") == "application/x-www-form-urlencoded"

    def test_a_secret_in_json(self, serve, route_to):
        server = serve(lambda peer: peer.greet().serve())
        request = push(headers=(), json={"k": Secret(NASTY, "$KEY"), "t": "é\n$KEY"})
        done = self.go(curl(request, route=route_to(server)), KEY=NASTY)
        assert done.returncode == 0, done.stderr
        assert json.loads(bytes(server.requests[0].body)) == {"k": NASTY, "t": "é\n$KEY"}
