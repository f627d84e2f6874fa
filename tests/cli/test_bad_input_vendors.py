"""Bad input of every kind for all vendors but APNs: one clear message, the right exit code, no traceback. What only the
services of China have stands in ``test_bad_input_china``."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from wrong_input import GOOGLE, PEM, SAMPLES, profile, put, told

HUAWEI: dict[str, Any] = json.loads((SAMPLES / "hms-sample-private.json").read_text("utf-8"))
SHORT = """\
-----BEGIN PRIVATE KEY-----
MIIBVQIBADANBgkqhkiG9w0BAQEFAASCAT8wggE7AgEAAkEAy9JbIgbex4bU7kEU
MQCMoQUK8oR5pFwrqY2AkSfC0v0mkOv26m2oPO5eyFUOGif5B1GCSsfb6o3bnvn/
TTTkEwIDAQABAkEAgGTuy6yQQhiJodyVH5k8/WHz13nkNslpJ9Hfn5DwhX+aGWzQ
zCbni2AmZcSlKek1zc0JG+ty9hTT9Z97TukQ4QIhAPlg2sdnGgr21ITvpcI8TSFT
5CFmYcvJJ3d4yM2JHRWnAiEA0TvUsz1ubdwRDzZZjmY8eNt3wNPNLekMCwnrV1Qz
Y7UCICLZ9VlewFX97u9xKoI9uS3KMpy0WUCIqTpaJ/4JhoYLAiAUCw03Fl1rvLcN
pAE0OOr2EOAJ4sA286oprIuU1AYQOQIhAJz86XO0gk9CVSVK7ozEluKqguBv0W9R
U/p4FMy9Ay84
-----END PRIVATE KEY-----
"""  # 512 bits, made for this test
SERVICES = {
    "project_info": {"project_id": "sample-project", "project_number": "123456789012"},
    "client": [
        {
            "client_info": {
                "mobilesdk_app_id": "1:123456789012:android:0a1b2c3d4e5f6789",
                "android_client_info": {"package_name": "com.example.app"},
            }
        }
    ],
}
CONNECT = {
    "agcgw": {},
    "client": {"app_id": "100000001", "project_id": HUAWEI["project_id"], "package_name": "com.example.app"},
}
VENDORS = ("fcm", "hms", "harmony", "honor", "mi", "oppo", "vivo", "meizu")
TEXTS = ("--title", "Order shipped", "--body", "Your parcel is on its way")


@cache
def pem(kind: str) -> str:
    if kind == "encrypted":
        key: Any = load_pem_private_key(PEM.encode(), None)
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")).decode()
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else dsa.generate_private_key(1024)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


KEYS: list[tuple[str, str, str]] = [  # a private_key; what is said of Google's, and of Huawei's; "" where it is taken
    ("ec", "is an EC key", "of kind EC"),
    ("dsa", "is a DSA key", "of kind DSA"),
    ("encrypted", "has a passphrase", "an encrypted key"),
    (SHORT, "has 512 bits", "has 512 bits"),
    (PEM[:900], "cut short: its end is missing", "damaged or cut short"),
    (PEM[900:], "cut short: its beginning is missing", "damaged or cut short"),
    ("hello", "no lines BEGIN PRIVATE KEY", "cannot be read as a private key"),
    (PEM.replace("\n", "\\n"), "", ""),
    (PEM.replace("\n", "\\\\n"), "", ""),
    (PEM.replace("\n", " "), "", ""),
]


@pytest.mark.parametrize(("key", "google", "huawei"), KEYS, ids=[f"{n} {row[1]}" for n, row in enumerate(KEYS)])
def test_a_private_key_in_any_state(pushctl: Any, tmp_path: Path, key: str, google: str, huawei: str) -> None:
    key = pem(key) if key in ("ec", "dsa", "encrypted") else key
    put(tmp_path, "google.json", {**GOOGLE, "private_key": key})
    put(tmp_path, "huawei.json", {**HUAWEI, "private_key": key})
    for vendor, file, said in (("fcm", "google", google), ("harmony", "huawei", huawei)):
        profile(tmp_path, vendor, f'service_account = "file:{file}.json"')
        ran = pushctl("profile", "check", "./it.toml", "--json")
        if said:
            told(ran, said, f"{file}.json")
        else:
            assert ran.code == 0, ran.out


WHOLE = json.dumps(GOOGLE, indent=1)
CONTENTS: list[tuple[str, bytes, str, str]] = [  # what is in the place of a key file; said by FCM, and by Huawei
    ("empty", b"\xef\xbb\xbf \n", "is empty", "is empty"),
    ("cut", WHOLE.encode()[:700], "is not JSON: line 5", "is not JSON (line 5"),
    ("latin", b'{"type":"\xe9"}', "not UTF-8 at byte 9", "not UTF-8 (byte 9)"),
    ("deep", b"[" * 100_000, "nested too deeply", "nested too deeply"),
    ("digits", b'{"a":' + b"9" * 5000 + b"}", "thousands of digits", "thousands of digits"),
    ("page", b"<!doctype html><title>Sign in</title>", "is a web page", "is a web page"),
    ("array", b"[1]", "is JSON and no object", "JSON that is no object"),
    ("pem", PEM.encode(), "is a private key alone", "is a bare PEM"),
    ("base64", base64.b64encode(WHOLE.encode()), "holds base64", "in base64"),
    ("escaped", WHOLE.replace('"', '\\"').encode(), "quotes are escaped", "quotes are escaped"),
    ("services", json.dumps(SERVICES).encode(), "is google-services.json", "is google-services.json"),
    ("connect", json.dumps(CONNECT).encode(), "is Huawei's agconnect-services.json", "is agconnect-services.json"),
    ("the other's", b"", "is Huawei's private.json", "is Google's service account"),
    ("another type", b'{"type":"service_acount","client_email":"x"}', '"service_acount"', "Google's service account"),
]


@pytest.mark.parametrize(
    ("content", "google", "huawei"), [row[1:] for row in CONTENTS], ids=[row[0] for row in CONTENTS]
)
def test_what_is_no_key_file_is_called_by_its_name(
    pushctl: Any, tmp_path: Path, content: bytes, google: str, huawei: str
) -> None:
    for vendor, other, said in (("fcm", HUAWEI, google), ("hms", GOOGLE, huawei)):
        put(tmp_path, "key.json", content or other)
        profile(tmp_path, vendor, 'service_account = "file:key.json"')
        told(pushctl("profile", "check", "./it.toml", "--json"), "credentials.service_account (file:key.json)", said)


@pytest.mark.parametrize("vendor", ["fcm", "hms", "harmony"])
def test_a_key_file_that_cannot_be_read(pushctl: Any, tmp_path: Path, vendor: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    put(tmp_path, "big", WHOLE.encode() + b" " * (2 << 20))
    for name, said in (("absent", "there is no file"), ("folder", "is a folder"), ("loop", ""), ("big", "1 MiB")):
        profile(tmp_path, vendor, f'service_account = "file:{name}"')
        ran = pushctl("profile", "check", "./it.toml", "--json")
        told(ran, f"credentials.service_account (file:{name})", said)
        assert "chmod" not in ran.out, "no right of a folder or a pipe is the matter"


SECRETS = [
    ("env:NO_SUCH_VARIABLE", {}, "is not set"),
    ("env:KEY", {"KEY": base64.b64encode(WHOLE.encode()).decode()}, "base64-env:KEY"),
    ("base64-env:KEY", {"KEY": WHOLE}, "does not hold base64"),
    ("base64-env:KEY", {"KEY": base64.b64encode(WHOLE.encode()).decode()[:501]}, "does not hold base64"),
    ("private.json", {}, "a file's name takes file: before it"),
]


@pytest.mark.parametrize(("reference", "environ", "said"), SECRETS, ids=[row[2] for row in SECRETS])
@pytest.mark.parametrize("vendor", ["fcm", "hms"])
def test_a_reference_that_leads_to_no_key(
    pushctl: Any, tmp_path: Path, vendor: str, reference: str, environ: dict[str, str], said: str
) -> None:
    profile(tmp_path, vendor, f'service_account = "{reference}"')
    told(pushctl("profile", "check", "./it.toml", "--json", env=environ), "credentials.service_account", said)


@pytest.mark.parametrize("vendor", ["hms", "honor"])
def test_a_client_secret_that_is_none(pushctl: Any, tmp_path: Path, vendor: str) -> None:
    profile(tmp_path, vendor, 'client_id = "100000001"\nclient_secret = "file:secret"', 'app_id = "104000001"')
    for content, said in (('"quoted"', "quotation marks"), ("a b", "blanks"), ('{"a": 1}', "a JSON document")):
        put(tmp_path, "secret", content.encode())
        told(pushctl("profile", "check", "./it.toml", "--json"), "credentials.client_secret", said)
    put(tmp_path, "secret", b"\xef\xbb\xbfgood-enough\r\n")
    assert pushctl("profile", "check", "./it.toml", "--json").code == 0


# --- files that are imported


def test_a_service_account_alone_makes_a_profile_and_is_no_key_of_apns(pushctl: Any, tmp_path: Path) -> None:
    put(tmp_path, "key.json", GOOGLE)
    assert json.loads(pushctl("profile", "import", "key.json", "--name", "it", "--json").out)["vendor"] == "fcm"
    put(tmp_path, "private.json", HUAWEI)
    told(pushctl("profile", "import", "private.json", "--json"), "a profile of hms or harmony")


def services(**info: str) -> dict[str, Any]:
    """google-services.json of another project."""
    return {**SERVICES, "project_info": {"project_id": "sample-project", "project_number": "123456789012", **info}}


# the files by name; further arguments; what is said
IMPORTS: list[tuple[dict[str, Any], list[str], tuple[str, ...]]] = [
    ({"k.json": GOOGLE, "s.json": services(project_id="other")}, [], ("sample-project, s.json says other",)),
    ({"k.json": GOOGLE, "s.json": SERVICES, "t.json": services(project_number="9")}, [], ("123456789012", "says 9")),
    ({"k.json": HUAWEI, "c.json": {**CONNECT, "client": {**CONNECT["client"], "project_id": "7"}}}, ["--vendor", "hms"],
     ("k.json says project_id 100000000000000001, c.json says 7",)),
    ({"k.json": GOOGLE, "s.json": SERVICES}, ["--set", "sender_id=9"], ("given as 9, and the files say 123456789012",)),
    ({"one/s.json": SERVICES, "two/s.json": services(project_id="other"), "k.json": GOOGLE}, [], ("two/s.json says",)),
    ({"k.json": GOOGLE, "p.json": HUAWEI}, [], ("k.json is for fcm", "p.json is for hms or harmony")),
    ({"s.json": SERVICES}, [], ("holds no credential that can send",)),
    ({"c.json": CONNECT}, [], ("could be for hms or harmony",)),
    ({"c.json": CONNECT}, ["--vendor", "hms"], ("--set credentials.client_secret=env:NAME",)),
    ({"k.json": GOOGLE}, ["--vendor", "hms"], ("is a file for fcm, not for hms",)),
    ({"p.json": HUAWEI}, ["--vendor", "fcm"], ("is a file for hms or harmony, not for fcm",)),
    ({"k.json": GOOGLE}, ["--set", "nope=1"], ("unknown key 'nope'",)),
    ({"k.json": GOOGLE}, ["--set", "vendor=hms"], ("Write --vendor NAME",)),
    ({"k.json": GOOGLE}, ["--environment", "sandbox"], ("Leave it out", "--sandbox fcm")),
    ({"k.json": GOOGLE}, ["--environment", ""], ("--environment is empty",)),
    ({"k.json": GOOGLE, "pw": b"x"}, ["--password", "file:pw"], ("no credential of Firebase Cloud Messaging",)),
    ({"k.json": {**GOOGLE, "type": 5}}, [], ('has no "type"',)),
    ({"k.json": {**GOOGLE, "type": "authorized_user"}}, [], ("no client_secret and no refresh_token",)),
    ({"k.json": {"installed": {"client_id": "x"}}}, [], ("is an OAuth client",)),
    ({"k.json": {**GOOGLE, "token_uri": "http://oauth2.example/token"}}, [], ("plain http to oauth2.example",)),
    ({"p.json": {**HUAWEI, "key_id": "\ud800"}}, ["--vendor", "harmony"], ("key_id of p.json has characters",)),
    ({"k.json": WHOLE.encode()[:700]}, [], ("damaged or cut short: line 5",)),
    ({"k.json": b"<html>"}, [], ("is a web page",)),
]  # fmt: skip


@pytest.mark.parametrize(("files", "more", "said"), IMPORTS, ids=[row[2][0] for row in IMPORTS])
def test_files_that_make_no_profile(
    pushctl: Any, tmp_path: Path, files: dict[str, Any], more: list[str], said: tuple[str, ...]
) -> None:
    for name, content in files.items():
        put(tmp_path, name, content)
    given = [name for name in files if name != "pw"]
    told(pushctl("profile", "import", *given, *more, "--name", "it", "--json"), *said)
    assert not (tmp_path / "config").exists(), "nothing is written before it has been checked"


# --- messages and targets

TARGETS = [
    ("fcm", ["--topic", "a'b\"c"], "The topic"),
    ("fcm", ["--topic", "x" * 5000], "has 5000 letters"),
    ("fcm", ["--condition", "'a' in topics &&\n"], "cannot be read"),
    ("hms", ["--topic", "a\nb"], "is no name for a topic"),
    ("hms", ["--condition", "'" + "x" * 5000 + "' in topics"], "The condition has the topic"),
    ("harmony", ["--topic", "news"], "no topics"),
    ("honor", ["--condition", "'a' in topics"], "no conditions"),
    ("honor", ["--user", "u"], "cannot send to a user"),
    ("mi", ["--condition", "'a' in topics"], "send to one topic"),
    ("mi", ["--user", "a,b"], "has a comma in it"),
    ("mi", ["--token", "a" * 64 + "," + "b" * 64], "takes it for 2 regids"),
    ("oppo", ["--topic", "news"], "no topics"),
    ("oppo", ["--alias", "a;b"], "has a semicolon in it"),
    ("vivo", ["--user", "u"], "cannot send to a user"),
    ("vivo", ["--alias", "x" * 71], "vivo takes 70"),
    ("vivo", ["--token", "1" * 23 + ";" + "2" * 23], "several regIds in one"),
    ("meizu", ["--topic", "news"], "no topics"),
    ("meizu", ["--alias", "a,b"], "has a comma in it"),
    *((vendor, ["--token", "\udcff"], "--token holds a byte that is not UTF-8") for vendor in VENDORS),
    *((vendor, ["--token", "a\\/b"], "\\/") for vendor in VENDORS),
]


@pytest.mark.parametrize(("vendor", "argv", "said"), TARGETS, ids=[f"{row[0]} {row[2]}" for row in TARGETS])
def test_a_target_that_is_none(pushctl: Any, vendor: str, argv: list[str], said: str) -> None:
    ran = pushctl("lint", "--vendor", vendor, *argv, *TEXTS, "--json")
    assert ran.code == 2, ran.out
    assert json.dumps(said, ensure_ascii=False)[1:-1] in json.dumps(json.loads(ran.out), ensure_ascii=False)


BODIES = [  # a body; what is said of it, whoever it is for
    ("[1]", "holds an array"),
    ('{"a": 1e400}', "the number 1e400 is larger than any"),
    ('{"a": NaN}', "NaN is not JSON"),
    ('{"message": {"token"', "this is not JSON"),
    ('{"a": ' + "[" * 100_000, "nested too deeply"),
]


@pytest.mark.parametrize(("body", "said"), BODIES, ids=[said for _, said in BODIES])
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_body_that_no_vendor_could_read(pushctl: Any, vendor: str, body: str, said: str) -> None:
    told(pushctl("lint", "--vendor", vendor, "--payload", body, "--json"), "--payload", said)


SAMPLE_OF = {
    "fcm": '{"message": …}',
    "hms": '{"message": …}',
    "harmony": '{"payload": …}',
    "honor": '{"android": …}',
    "mi": "title=Order+shipped&description=SF123+is+on+its+way",
    "oppo": '{"notification": …}',
    "vivo": '{"title": …}',
    "meizu": '{"noticeBarInfo": …}',
}


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_body_that_is_none_is_answered_with_the_vendors_own_sample(pushctl: Any, vendor: str) -> None:
    for body in ("[]", "[{}]"):
        ran = pushctl("lint", "--vendor", vendor, "--payload", body, "--json")
        told(ran, "holds an array", f"Write {SAMPLE_OF[vendor]}.")


MESSAGES = [  # a message file; what is said of it
    ("[data]\nwhen = 2026-01-01", "when is a date (2026-01-01)"),
    ("[data]\nlist = [{a = nan}]", "list[0].a is nan"),
    ("title = true", "title cannot be true"),
    ("titel = 'x'", "Did you mean title?"),
    ("fcm = 'x'", "fcm cannot be"),
    ("ttl = 'soon'", "it.toml: ttl 'soon' is no duration"),
]


@pytest.mark.parametrize(("content", "said"), MESSAGES, ids=[said for _, said in MESSAGES])
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_message_file_that_is_none(pushctl: Any, tmp_path: Path, vendor: str, content: str, said: str) -> None:
    put(tmp_path, "it.toml", content.encode())
    told(pushctl("lint", "--vendor", vendor, "--message", "it.toml", "--json"), said)


def test_one_message_file_serves_several_vendors(pushctl: Any, tmp_path: Path) -> None:
    tables = '[apns]\npush_type = "alert"\n[fcm]\nandroid = {priority = "HIGH"}\n[hms]\nbi_tag = "a"\n'
    tables += '[harmony]\nnotify_id = 5\n[honor]\nbi_tag = "a"\n[mi]\ncallback_param = "a"\n'
    tables += "[oppo]\nnetwork_type = 0\n[vivo]\nnotify_type = 2\n[meizu]\nsuspend = false\n"
    put(tmp_path, "it.toml", f'title = "Order shipped"\nbody = "Your parcel is on its way"\n{tables}'.encode())
    for vendor in VENDORS:
        assert pushctl("lint", "--vendor", vendor, "--message", "it.toml", "--json").code == 0
    put(tmp_path, "it.toml", f'title = "Order shipped"\npush_type = "alert"\n{tables}'.encode())
    for vendor in VENDORS:
        if vendor != "harmony":
            ran = pushctl("lint", "--vendor", vendor, "--message", "it.toml", "--json")
            told(ran, "it.toml: push_type is given", "no push types")


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_table_of_a_message_file_that_has_a_wrong_key(pushctl: Any, tmp_path: Path, vendor: str) -> None:
    put(tmp_path, "it.toml", f'title = "Order shipped"\nbody = "On its way"\n[{vendor}]\nnope = 1\n'.encode())
    told(pushctl("lint", "--vendor", vendor, "--message", "it.toml", "--json"), "nope")


def test_a_message_cannot_name_another_target_than_its_push(pushctl: Any, tmp_path: Path) -> None:
    put(tmp_path, "key.json", GOOGLE)
    profile(tmp_path, "fcm", 'service_account = "file:key.json"')
    argv = ["send", "-p", "./it.toml", "-t", "one", "--title", "Hi", "--set", "token=other", "--dry-run", "--json"]
    told(pushctl(*argv), "The message names a token itself")


# --- what does not fit together


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["send", "--sandbox", "fcm", "--title", "Hi", "--scenario", "80300007"], "It is one of hms, harmony, honor"),
        (["send", "--sandbox", "hms", "--title", "Hi", "-p", "./it.toml"], "is for fcm, and --sandbox names hms"),
        (["lint", "--vendor", "hms", "--title", "Hi", "-p", "./it.toml"], "is for fcm, and --vendor names hms"),
        (["topic", "list", "-p", "./it.toml"], "No device is given"),
        (["revoke", "5", "-t", "x", "-p", "./it.toml"], "harmony, mi, vivo have one"),
        (["quota", "-p", "./it.toml"], "mi has one"),
        (["trace", "--app-id", "", "-p", "./it.toml"], "--app-id is empty"),
        (
            ["send", "-t", "x", "--title", "Hi", "--endpoint", "x y", "-p", "./it.toml"],
            "--endpoint 'x y' is no address",
        ),
    ],
)
def test_what_does_not_fit_together(pushctl: Any, tmp_path: Path, argv: list[str], said: str) -> None:
    put(tmp_path, "key.json", GOOGLE)
    profile(tmp_path, "fcm", 'service_account = "file:key.json"')
    told(pushctl(*argv, "--json"), said)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_sandbox_that_was_stopped_is_told(pushctl: Any, tmp_path: Path, vendor: str) -> None:
    ran = pushctl("send", "--sandbox", vendor, "--title", "Hi", "--json", env={"PUSHCTL_SANDBOX": str(tmp_path)})
    document = json.loads(ran.out)
    assert (ran.code, document["findings"][0]["rule"]) == (1, "sandbox-not-running")


@pytest.mark.parametrize(
    ("vendor", "body"),
    [
        ("vivo", '{"title":"Order \\ud800","content":"Your parcel is on its way","notifyType":4,"skipType":1}'),
        ("honor", '{"android":{"notification":{"title":"\\ud800","body":"b","clickAction":{"type":3}}}}'),
        ("hms", '{"message":{"android":{"notification":{"title":"\\ud800","body":"b","click_action":{"type":3}}}}}'),
    ],
)
def test_half_a_letter_in_a_payload_that_a_token_is_written_into(pushctl: Any, vendor: str, body: str) -> None:
    ran = pushctl("send", "--sandbox", vendor, "--payload", body, "--no-lint", "--json", "-q")
    told(ran, "a broken letter (half of a surrogate pair)")
