"""Where requests may go, and by which way."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import ProfileError, UsageError
from pushctl.core.secret import Secret
from pushctl.transport import open_transport
from pushctl.transport.address import Place, is_loopback, place
from pushctl.transport.route import Route, guard, proxy_of, route_from

HOST = "api.push.example"


def test_the_flag_beats_the_profile_and_the_profile_the_environment():
    environ = {"HTTPS_PROXY": "http://env:1"}
    network = {"proxy": "http://profile:1"}
    assert route_from(network, environ=environ, proxy="http://flag:1").proxy == "http://flag:1"
    assert route_from(network, environ=environ).proxy == "http://profile:1"
    assert route_from({}, environ=environ).proxy == "http://env:1"
    assert route_from({}, environ={}).proxy is None
    assert route_from(network, environ=environ, proxy="").proxy is None


@pytest.mark.parametrize(
    ("environ", "proxy"),
    [
        ({"HTTPS_PROXY": "http://a:1", "https_proxy": "http://b:1"}, "http://b:1"),
        ({"HTTPS_PROXY": "http://a:1", "https_proxy": ""}, None),
        ({"ALL_PROXY": "http://a:1"}, "http://a:1"),
        ({"ALL_PROXY": "http://a:1", "https_proxy": "http://b:1"}, "http://b:1"),
        ({"HTTP_PROXY": "http://a:1"}, None),
    ],
)
def test_environment_variables(environ, proxy):
    assert route_from(environ=environ).proxy == proxy


@pytest.mark.parametrize(
    ("no_proxy", "way"),
    [
        ("", "proxy"),
        (HOST, "direct"),
        (".push.example", "direct"),
        ("push.example", "direct"),
        ("*", "direct"),
        (f"{HOST}:443", "direct"),
        (f"{HOST}:8443", "proxy"),
        ("ush.example", "proxy"),
        ("other.example, .push.example", "direct"),
    ],
)
def test_no_proxy(no_proxy, way):
    environ = {"https_proxy": "http://p:1", "no_proxy": no_proxy}
    assert route_from(environ=environ).way(HOST, 443) == way
    assert route_from(environ=environ, proxy="http://p:1").way(HOST, 443) == "proxy"


def test_loopback_is_never_proxied():
    route = route_from(environ={}, proxy="http://p:1")
    assert [route.way(host, 443) for host in ("localhost", "127.0.0.1", "127.8.9.1", "::1")] == ["direct"] * 4


def test_the_sandbox_beats_the_proxy():
    route = route_from(environ={}, proxy="http://p:1", via={f"{HOST}:2197": ("127.0.0.1", 5)})
    assert route.way(HOST, 2197) == "sandbox"
    assert route.redirection(HOST, 443) is None


def test_the_sandbox_is_on_this_machine():
    with pytest.raises(UsageError):
        route_from(environ={}, via={HOST: ("192.0.2.1", 443)})


def test_a_proxy_password_is_a_secret():
    route = route_from(environ={"HTTPS_PROXY": "http://me:c%40nary@proxy.example:3128"})
    assert isinstance(route.proxy, Secret)
    assert "nary" not in repr(route) + str(route.proxy)
    proxy = proxy_of(route.proxy)
    assert (proxy.host, proxy.port, proxy.user, proxy.password.reveal()) == ("proxy.example", 3128, "me", "c@nary")
    assert "nary" not in repr(proxy)


@pytest.mark.parametrize(
    "url",
    [
        "socks5://me:canary@p:1",
        "https://me:canary@p:1",
        "http://me:canary@p:port",
        "http://me:canary@",
        "http://me:canary@p:99999",
        "http://me:canary@p/path",
        "http://me:can ary@p:1",
        "http://[canary",
        "http://",
    ],
)
def test_a_bad_proxy_is_refused_without_its_password(url):
    for call in (lambda: route_from(environ={}, proxy=url), lambda: route_from(environ={"HTTPS_PROXY": url})):
        with pytest.raises(UsageError) as caught:
            call()
        assert "canary" not in caught.value.text + caught.value.fix
        assert caught.value.fix


def test_a_proxy_without_scheme_is_http():
    assert (proxy_of("proxy:3128").host, proxy_of("proxy:3128").port) == ("proxy", 3128)


@pytest.mark.parametrize(
    "network", [{"proxy": 5}, {"ca_bundle": 5}, {"timeout": 0}, {"timeout": "x"}, {"timeout": True}]
)
def test_a_bad_network_table_is_a_profile_error(network):
    with pytest.raises(ProfileError):
        route_from(network, environ={})


def test_timeouts():
    assert (route_from(environ={}).connect_s, route_from(environ={}).total_s) == (5.0, 15.0)
    assert (route_from({"timeout": 30}, environ={}).connect_s, route_from(environ={}, timeout=2).connect_s) == (
        5.0,
        2.0,
    )
    with pytest.raises(UsageError):
        route_from(environ={}, timeout=-1)


@pytest.mark.parametrize(
    "content", [None, b"", b"garbage", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
@pytest.mark.parametrize("wire", ["stream", "rest"])
def test_a_ca_bundle_that_is_none_is_one_clear_error(tmp_path, content, wire):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match="CA bundle") as caught:
        open_transport(wire, route_from(environ={}, ca_bundle=path))
    assert str(path) in caught.value.text


def test_a_profiles_ca_bundle_is_relative_to_it(tmp_path):
    (tmp_path / "ca.pem").write_bytes(b"x")
    assert route_from({"ca_bundle": "ca.pem"}, environ={}, base=tmp_path).ca_bundle == tmp_path / "ca.pem"
    with pytest.raises(ProfileError, match="CA bundle"):
        route_from({"ca_bundle": "missing.pem"}, environ={}, base=tmp_path)
    with pytest.raises(UsageError, match="CA bundle"):
        route_from(environ={}, ca_bundle=Path(tmp_path / "missing.pem"))


@pytest.mark.parametrize(
    "url",
    [
        f"https://{HOST}/3/device/x",
        f"https://{HOST}:2197/x",
        f"https://{HOST.upper()}/x",
        "https://127.0.0.1:8443/x",
        "http://localhost/x",
        "https://[::1]:1/",
    ],
)
def test_the_guard_lets_pass(url):
    guard(url, Route(vendor_hosts=frozenset({HOST})))


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        f"http://{HOST}/x",
        f"https://{HOST}.evil.example/x",
        f"https://{HOST}@evil.example/x",
        f"https://me@{HOST}/x",
        f"https://{HOST}\\@evil.example/x",
        f"https://evil.example\\.{HOST}/x",
        f"https://{HOST}\n.evil.example/x",
        f"https://{HOST}/a b",
        f"https://{HOST}/a\nb",
        f"https://{HOST}#@evil.example/",
        f"https://{HOST}:port/x",
        f"ftp://{HOST}/x",
        f"//{HOST}/x",
        "https:///x",
        "https://127.0.0.1.evil.example/",
        "https://localhost.evil.example/",
        "https://2130706433/",
        f"https://{HOST}./x",
        "https://ａpi.push.example/x",
        "",
    ],
)
def test_the_guard_refuses(url):
    with pytest.raises(UsageError):
        guard(url, Route(vendor_hosts=frozenset({HOST})))


def test_the_guard_with_allowed_endpoints_and_in_the_sandbox():
    guard("https://mine.example/x", Route(allow_endpoint=True))
    with pytest.raises(UsageError):
        guard("http://mine.example/x", Route(allow_endpoint=True))
    sandboxed = Route(via={HOST: ("127.0.0.1", 5)}, vendor_hosts=frozenset({HOST, "auth.example"}), allow_endpoint=True)
    guard(f"https://{HOST}/x", sandboxed)
    with pytest.raises(UsageError, match="sandbox"):
        guard("https://auth.example/x", sandboxed)


def test_vendor_hosts_may_be_base_urls():
    assert route_from(environ={}, vendor_hosts=["https://A.example:2197", "b.example"]).vendor_hosts == {
        "a.example",
        "b.example",
    }


@given(st.text(max_size=60))
def test_no_text_breaks_the_url_reader(text):
    for url in (text, f"https://{text}", f"https://{HOST}{text}"):
        try:
            found = place(url)
        except UsageError:
            continue
        assert isinstance(found, Place)
        assert found.host in url.lower()


@given(st.text(max_size=40))
def test_no_text_breaks_the_proxy_reader(text):
    for url in (text, f"http://u:p@{text}"):
        with contextlib.suppress(UsageError):
            assert proxy_of(url, "--proxy").host


@given(st.text(max_size=20))
def test_only_loopback_is_loopback(text):
    assert not is_loopback(text) or text in ("localhost",) or text.startswith(("127.", "::1", "0")) or ":" in text
