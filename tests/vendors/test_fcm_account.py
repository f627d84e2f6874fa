"""Who pushes: every kind of Google credential, and everything that people put in its place."""

from __future__ import annotations

import base64
import json
import plistlib
from typing import Any

import pytest
from fcm_credentials import (
    EMAIL,
    EXTERNAL,
    IMPERSONATION,
    KEY_ID,
    NOW,
    SERVICE_ACCOUNT,
    USER,
    as_json,
    bare,
    checked,
    ec_pem,
    encrypted_pem,
    fields,
    opened,
    refused,
    secret,
)
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import ProfileError
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account
from pushctl.vendors.fcm.account import APP, CREDENTIALS, account, inspect
from pushctl.vendors.fcm.credentials import (
    AccessToken,
    AuthorizedUser,
    ExternalAccount,
    Impersonated,
    ServiceAccount,
    SubjectUrl,
)

PROJECT = {"project_id": "demo-project"}
SUBJECT = Secret("eyJ.CANARY.subject", "$SUBJECT", "file:/var/run/secrets/token")


def without(document: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names}


def found(one: Account) -> dict[str, str]:
    return {finding.rule: finding.text for finding in inspect(one, NOW)[1]}


# --- what is taken ---------------------------------------------------------------------------------------------------


def test_a_service_account_says_its_project_and_where_it_gets_its_tokens() -> None:
    one = opened()

    assert isinstance(one.credential, ServiceAccount)
    assert (one.credential.client_email, one.credential.key_id) == (EMAIL, KEY_ID)
    assert one.app == {"project_id": "demo-project"}
    assert one.environment == "production"
    roles = ("push", "auth", "sts", "iam", "iid", "data")
    assert [one.hosts[role].removeprefix("https://") for role in roles] == [
        "fcm.googleapis.com",
        "oauth2.googleapis.com",
        "sts.googleapis.com",
        "iamcredentials.googleapis.com",
        "iid.googleapis.com",
        "fcmdata.googleapis.com",
    ]


def test_a_token_uri_of_its_own_is_honoured() -> None:
    one = opened({**SERVICE_ACCOUNT, "token_uri": "http://127.0.0.1:9100/own/token"})

    assert one.hosts["auth"] == "http://127.0.0.1:9100"
    assert one.credential.token_url == "http://127.0.0.1:9100/own/token"


def test_without_a_token_uri_it_is_googles() -> None:
    assert opened(without(SERVICE_ACCOUNT, "token_uri")).hosts["auth"] == "https://oauth2.googleapis.com"


def test_a_login_takes_its_project_from_the_profile_and_its_quota_project_from_the_file() -> None:
    one = opened({**USER, "quota_project_id": "payer"}, PROJECT)

    assert isinstance(one.credential, AuthorizedUser)
    assert one.app == {"project_id": "demo-project", "quota_project_id": "payer"}
    assert opened({**USER, "quota_project_id": "payer"}, {**PROJECT, "quota_project_id": "mine"}).app[
        "quota_project_id"
    ] == ("mine")


def test_a_workload_shows_the_token_that_the_profile_refers_to() -> None:
    one = opened(EXTERNAL, PROJECT, subject_token=SUBJECT)

    assert isinstance(one.credential, ExternalAccount)
    assert one.credential.subject == Secret("eyJ.CANARY.subject", "")
    assert str(one.credential.subject) == "$PUSHCTL_SUBJECT_TOKEN"


@pytest.mark.parametrize("content", ['{"access_token": "eyJ.a.b"}', "eyJ.a.b\n", "\ufeffeyJ.a.b"])
def test_a_subject_token_in_json_is_found_by_the_field_that_the_file_names(content: str) -> None:
    source = {"file": "t", "format": {"type": "json", "subject_token_field_name": "access_token"}}

    one = opened({**EXTERNAL, "credential_source": source}, PROJECT, subject_token=secret(content, "file:t"))

    assert one.credential.subject.reveal() == "eyJ.a.b"


def test_a_workload_may_be_asked_at_a_url_whose_headers_and_query_are_secret() -> None:
    source = {"url": "https://ci.example/token?aud=x&key=CANARY", "headers": {"Authorization": "bearer CANARY"}}

    subject = opened({**EXTERNAL, "credential_source": source}, PROJECT).credential.subject

    assert isinstance(subject, SubjectUrl)
    assert subject.url == "https://ci.example/token"
    assert "CANARY" not in repr(subject)
    assert [(name, value.reveal()) for name, value in subject.query] == [("aud", "x"), ("key", "CANARY")]


def test_a_federated_workload_that_takes_on_an_account_is_an_impersonation() -> None:
    document = {
        **EXTERNAL,
        "service_account_impersonation_url": IMPERSONATION,
        "service_account_impersonation": {"token_lifetime_seconds": 1800},
    }

    credential = opened(document, PROJECT, subject_token=SUBJECT).credential

    assert isinstance(credential, Impersonated)
    assert (credential.email, credential.lifetime_s) == ("target@demo-project.iam.gserviceaccount.com", 1800)
    assert isinstance(credential.source, ExternalAccount)


@pytest.mark.parametrize("source", [USER, SERVICE_ACCOUNT])
def test_an_impersonated_account_has_a_login_or_an_account_as_its_source(source: dict[str, Any]) -> None:
    document = {
        "type": "impersonated_service_account",
        "service_account_impersonation_url": IMPERSONATION,
        "source_credentials": source,
        "delegates": ["projects/-/serviceAccounts/between@demo-project.iam.gserviceaccount.com"],
    }

    credential = opened(document, PROJECT).credential

    assert isinstance(credential, Impersonated)
    assert len(credential.delegates) == 1


@pytest.mark.parametrize("text", ["ya29.c.CANARY", "Bearer ya29.c.CANARY", "  ya29.c.CANARY\n", "\ufeffya29.c.CANARY"])
def test_a_bare_access_token_is_taken_as_it_is_copied(text: str) -> None:
    credential = bare(text).credential

    assert isinstance(credential, AccessToken)
    assert credential.token.reveal() == "ya29.c.CANARY"


# --- what is forgiven ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["\\n", "\\r\\n", "\\\n"])
def test_line_breaks_that_were_escaped_twice_are_read_and_told(spelling: str) -> None:
    one = opened({**SERVICE_ACCOUNT, "private_key": SERVICE_ACCOUNT["private_key"].replace("\n", spelling)})

    assert "escaped twice" in found(one)["credential-repaired"]


def test_a_variable_that_made_line_breaks_of_the_escapes_is_read_and_told() -> None:
    one = opened(as_json(SERVICE_ACCOUNT).replace(b"\\n", b"\n"))

    assert "line breaks" in found(one)["credential-repaired"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_obstacle(encoding: str) -> None:
    assert opened(json.dumps(SERVICE_ACCOUNT).encode(encoding)).app == PROJECT


def test_a_key_whose_line_breaks_became_blanks_is_read() -> None:
    assert opened({**SERVICE_ACCOUNT, "private_key": SERVICE_ACCOUNT["private_key"].replace("\n", " ")}).app == PROJECT


# --- what is no credential -------------------------------------------------------------------------------------------

GOOGLE_SERVICES = {"project_info": {"project_number": "1", "project_id": "p"}, "client": []}
HUAWEI = {"key_id": "k", "private_key": "x", "sub_account": "1", "project_id": "p"}
PLAIN = base64.b64encode(as_json(SERVICE_ACCOUNT))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xef\xbb\xbf \n", "is empty"),
        (as_json(GOOGLE_SERVICES), "google-services.json"),
        (plistlib.dumps({"PROJECT_ID": "p"}), "GoogleService-Info.plist"),
        (plistlib.dumps({"PROJECT_ID": "p"}, fmt=plistlib.FMT_BINARY), "GoogleService-Info.plist"),
        (as_json(HUAWEI), "Huawei's private.json"),
        (as_json({"agcgw": {}, "client": {}}), "agconnect-services.json"),
        (as_json({"apiKey": "AIza", "messagingSenderId": "1"}), "web app"),
        (as_json({"installed": {"client_id": "x", "client_secret": "CANARY"}}), "OAuth client"),
        (as_json({"hello": "world"}), 'no "type"'),
        (as_json([SERVICE_ACCOUNT]), "no object"),
        (as_json(json.dumps(SERVICE_ACCOUNT)), "encoded twice"),
        (b"AAAAabcdefg:APA91b" + b"CANARY" * 23, "legacy server key"),
        (b"AIza" + b"CANARY-CANARY-CANARY-CANARY-CANARY_", "API key"),
        (b"ya29.CANARY", "access token"),
        (b"cdefghijklmnopqrstuvwx:APA91bCANARY", "registration token"),
        (b"/home/me/key.json", "path of a file"),
        (PLAIN, "holds base64"),
        (PLAIN[:64] + b"\n" + PLAIN[64:], "holds base64"),
        (b"\x30\x82\x0a\x00\x02\x01\x03\x30\x82\x09" + bytes(40), ".p12"),
        (SERVICE_ACCOUNT["private_key"].encode(), "private key alone"),
        (encrypted_pem().encode(), "private key alone"),
        (b"-----BEGIN CERTIFICATE-----\nCANARY\n-----END CERTIFICATE-----\n", "a certificate"),
        (as_json(SERVICE_ACCOUNT)[:900], "not JSON: line 1, column"),
        (b"{'type': 'service_account', 'private_key': 'CANARY'}", "not JSON: line 1, column 2"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "not JSON"),
        (b"<html>login</html>", "is a web page"),
        (b"[" * 100_000, "not JSON: it is nested too deeply"),
    ],
)
def test_what_is_no_credential_is_told_apart(content: bytes, says: str) -> None:
    error = refused(content, PROJECT)

    assert says in error.text
    assert error.text.startswith("credentials.service_account (file:key.json)")
    assert error.where == "credentials.service_account"


def test_an_apns_key_is_told_from_a_key_of_googles() -> None:
    assert "APNs key" in refused(ec_pem().encode()).text


def test_base64_that_is_given_plain_names_the_variable_to_write() -> None:
    with pytest.raises(ProfileError) as caught:
        account({**fields(b""), "credentials": {"service_account": secret(PLAIN, "env:FCM_KEY")}})

    assert checked(caught.value).fix == "Write base64-env:FCM_KEY."


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("gdch_service_account", "Distributed Cloud"),
        ("external_account_authorized_user", "workforce login"),
        ("something_else", 'the type "something_else"'),
        ("CANARY secret", "a type that pushctl does not know"),
    ],
)
def test_a_type_that_is_not_supported_is_named(kind: str, says: str) -> None:
    error = refused({**SERVICE_ACCOUNT, "type": kind})

    assert says in error.text
    assert error.rule == "credential-unsupported"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"private_key": ""}, "has no private_key"),
        ({"client_email": None, "private_key": 5}, "has no client_email and no private_key"),
        ({"client_email": "nobody"}, "is no e-mail address"),
        ({"private_key": "REDACTED"}, "no lines BEGIN PRIVATE KEY"),
        ({"private_key": SERVICE_ACCOUNT["private_key"][:400]}, "was cut short: its end is missing"),
        ({"private_key": SERVICE_ACCOUNT["private_key"][400:]}, "was cut short: its beginning is missing"),
        ({"private_key": SERVICE_ACCOUNT["private_key"].replace("MII", "XII", 1)}, "damaged or cut short"),
        (
            {"private_key": SERVICE_ACCOUNT["private_key"][:400] + "\n-----END PRIVATE KEY-----\n"},
            "damaged or cut short",
        ),
        ({"private_key": "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----"}, "is a certificate"),
        ({"private_key": ec_pem()}, "is an EC key; Google's are RSA"),
        ({"private_key": encrypted_pem()}, "has a passphrase"),
        ({"private_key": "\ud800"}, "is no text"),
        ({"private_key_id": "kü"}, "characters that do not belong there"),
        ({"token_uri": "ftp://example.com/"}, "is no https address"),
        ({"token_uri": "https://user:CANARY@oauth2.googleapis.com/token"}, "is no https address"),
        ({"token_uri": "https://oauth2.googleapis.com/token?x=CANARY"}, "is no https address"),
        ({"token_uri": "https://oauth2.googleapis.com\\@CANARY.example/"}, "is no https address"),
        ({"token_uri": "http://oauth2.googleapis.com/token"}, "plain http to oauth2.googleapis.com"),
        ({"token_uri": ["https://oauth2.googleapis.com/token"]}, "is no https address"),
    ],
)
def test_a_damaged_service_account_is_told_field_by_field(change: dict[str, Any], says: str) -> None:
    document = {**SERVICE_ACCOUNT, **change}
    content = json.dumps(document).encode()  # escapes what is no character

    assert says in refused(content).text


def test_a_login_without_its_refresh_token_cannot_be_used() -> None:
    assert "has no client_secret and no refresh_token" in refused(without(USER, "client_secret", "refresh_token")).text


@pytest.mark.parametrize(
    ("change", "says", "remedy"),
    [
        ({"credential_source": {"executable": {"command": "CANARY"}}}, "from a program", "subject_token"),
        ({"credential_source": {"environment_id": "aws1"}}, "by AWS", "gcloud auth print-access-token"),
        ({"credential_source": {"certificate": {}}}, "a client certificate", "gcloud auth print-access-token"),
        ({"credential_source": {"file": "/run/token"}}, "from a file", 'subject_token = "file:/run/token"'),
        ({"credential_source": {"url": "http://169.254.169.254/t"}}, "plain http to 169.254.169.254", "gcloud"),
        ({"credential_source": {"url": "CANARY"}}, "credential_source.url is no https address", "anew"),
        ({"credential_source": {}}, "names neither a file nor a url", "anew"),
        ({"credential_source": "CANARY"}, "names neither a file nor a url", "anew"),
        (
            {"credential_source": {"url": "https://a.example/", "format": {"type": "json"}}},
            "subject_token_field_name",
            "anew",
        ),
        (
            {"credential_source": {"url": "https://a.example/", "headers": {"a": "CANARY\n"}}},
            "headers is no object",
            "anew",
        ),
        ({"audience": ""}, "has no audience", "anew"),
        ({"token_url": "http://sts.example/v1/token"}, "plain http to sts.example", "gcloud"),
    ],
)
def test_a_workload_that_cannot_work_is_refused(change: dict[str, Any], says: str, remedy: str) -> None:
    error = refused({**EXTERNAL, **change}, PROJECT)

    assert says in error.text
    assert remedy in error.fix


@pytest.mark.parametrize(
    "change",
    [
        {"service_account_impersonation_url": "https://iamcredentials.googleapis.com/v1/other"},
        {
            "service_account_impersonation_url": "https://iam:CANARY@googleapis.com/v1/serviceAccounts/a:generateAccessToken"
        },
        {
            "service_account_impersonation_url": IMPERSONATION,
            "service_account_impersonation": {"token_lifetime_seconds": 60},
        },
    ],
)
def test_an_impersonation_that_cannot_work_is_refused(change: dict[str, Any]) -> None:
    refused({**EXTERNAL, **change}, PROJECT, subject_token=SUBJECT)


def test_an_impersonation_needs_a_source_that_can_be_used() -> None:
    document = {"type": "impersonated_service_account", "service_account_impersonation_url": IMPERSONATION}

    assert "source_credentials" in refused({**document, "source_credentials": EXTERNAL}).text
    assert "source_credentials" in refused(document).text
    broken = {**document, "source_credentials": {**SERVICE_ACCOUNT, "private_key": "CANARY"}}
    assert "source_credentials in credentials.service_account (file:key.json): its private_key" in refused(broken).text


def test_a_subject_token_belongs_to_a_workload_only() -> None:
    assert refused(SERVICE_ACCOUNT, subject_token=SUBJECT).rule == "credential-mixed"
    source = {"file": "t", "format": {"type": "json", "subject_token_field_name": "access_token"}}
    for content in ('{"other": "CANARY"}', '{"access_token": 5}', "{", "two words"):
        error = refused({**EXTERNAL, "credential_source": source}, PROJECT, subject_token=secret(content, "file:t"))
        assert error.rule == "subject-token-unreadable"


@pytest.mark.parametrize(
    ("token", "says"),
    [
        ("AIza" + "CANARY-CANARY-CANARY-CANARY-CANARY_", "API key"),
        ('{"type": "CANARY"}', "JSON file"),
        ("AAAAabcdefg:APA91b" + "CANARY" * 23, "legacy server key"),
        ("two CANARY words", "no access token"),
        ("tökenCANARY", "no access token"),
        ("Bearer ", "no access token"),
    ],
)
def test_what_is_no_access_token_is_told_apart(token: str, says: str) -> None:
    with pytest.raises(ProfileError) as caught:
        bare(token)

    assert says in checked(caught.value).text
    assert caught.value.where == "credentials.access_token"


def test_one_credential_is_given_and_no_more() -> None:
    assert "access_token" in refused(SERVICE_ACCOUNT, access_token=Secret("ya29.x", "")).text
    with pytest.raises(ProfileError) as caught:
        account({"environment": "production", "credentials": {}, "app": {}})
    assert checked(caught.value).rule == "credential-missing"


# --- the project -----------------------------------------------------------------------------------------------------


def test_file_and_profile_of_different_projects_are_remarked_on_with_both_names() -> None:
    """An account can have been given a role in another project, so it is no error."""
    made = opened(SERVICE_ACCOUNT, {"project_id": "other-project"})
    assert made.app["project_id"] == "other-project"
    (finding,) = [one for one in inspect(made, 0.0)[1] if one.rule == "project-mismatch"]
    assert "demo-project" in finding.text
    assert "other-project" in finding.text


@pytest.mark.parametrize("document", [USER, without(SERVICE_ACCOUNT, "project_id")])
def test_a_project_that_nobody_says_is_asked_for(document: dict[str, Any]) -> None:
    assert refused(document).rule == "project-missing"


@pytest.mark.parametrize(
    ("app", "rule"),
    [
        ({"project_id": "My Project"}, "project-id"),
        ({"project_id": "a/../b"}, "project-id"),
        ({"sender_id": "12a"}, "sender-id"),
        ({"sender_id": "١٢"}, "sender-id"),
        ({"app_id": "com.example.app"}, "app-id"),
        ({"quota_project_id": "Payer!"}, "project-id"),
    ],
)
def test_facts_of_the_wrong_shape_are_refused(app: dict[str, str], rule: str) -> None:
    assert refused(USER, {**PROJECT, **app}).rule == rule


@pytest.mark.parametrize("project", ["demo-project", "123456789012", "example.com:my-project"])
def test_a_project_may_be_named_by_its_number_or_belong_to_a_domain(project: str) -> None:
    assert opened(USER, {"project_id": project}).app["project_id"] == project


def test_another_environment_does_not_exist() -> None:
    with pytest.raises(ProfileError, match="no environment 'sandbox'"):
        account({**fields(SERVICE_ACCOUNT), "environment": "sandbox"})


# --- inspect ---------------------------------------------------------------------------------------------------------


def test_what_is_inside_is_told_without_secrets() -> None:
    cases = [
        opened(app={"sender_id": "123"}),
        opened(USER, PROJECT),
        opened(EXTERNAL, PROJECT, subject_token=SUBJECT),
        opened({**EXTERNAL, "service_account_impersonation_url": IMPERSONATION}, PROJECT, subject_token=SUBJECT),
        bare("ya29.CANARY"),
    ]
    for one in cases:
        told, findings = inspect(one, NOW)
        assert ("project", "demo-project") in told
        assert told[0][0] == "credential"
        assert "CANARY" not in f"{told}{findings}{one!r}"
        assert SERVICE_ACCOUNT["private_key"][40:80] not in f"{told}{findings}{one!r}"


def test_a_host_that_is_not_googles_is_told_before_it_is_asked() -> None:
    assert (
        "evil.example"
        in found(opened({**SERVICE_ACCOUNT, "token_uri": "https://evil.example/token"}))["credential-host"]
    )
    source = {"url": "https://ci.example/token"}
    assert "ci.example" in found(opened({**EXTERNAL, "credential_source": source}, PROJECT))["credential-host"]
    assert not found(opened({**SERVICE_ACCOUNT, "token_uri": "https://accounts.google.com/o/oauth2/token"}))
    assert not found(opened({**SERVICE_ACCOUNT, "token_uri": "http://localhost:1/token"}))


def test_a_login_without_a_quota_project_is_told() -> None:
    assert "quota-project-missing" in found(opened(USER, PROJECT))
    assert "quota-project-missing" not in found(opened(USER, {**PROJECT, "quota_project_id": "payer"}))


def test_a_sender_id_that_is_not_the_apps_is_told() -> None:
    app = {"app_id": "1:123:android:0123456789abcdef", "sender_id": "456"}

    assert "456" in found(opened(app=app))["sender-id-mismatch"]
    assert not found(opened(app={**app, "sender_id": "123"}))


def test_every_field_is_said_in_one_line() -> None:
    names = [one.name for one in (*CREDENTIALS, *APP)]
    assert len(names) == len(set(names))
    assert all(one.about and "\n" not in one.about for one in (*CREDENTIALS, *APP))
    assert [one.name for one in CREDENTIALS if one.secret] == ["service_account", "access_token", "subject_token"]


# --- whatever it is --------------------------------------------------------------------------------------------------

_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["https://a.example/x", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_BASES = [
    SERVICE_ACCOUNT,
    USER,
    EXTERNAL,
    {
        "type": "impersonated_service_account",
        "service_account_impersonation_url": IMPERSONATION,
        "source_credentials": USER,
    },
]
_NAMES = sorted({name for base in _BASES for name in base} | {"service_account_impersonation", "delegates", "format"})


def failure(content: bytes) -> ProfileError | None:
    try:
        inspect(opened(content, PROJECT), NOW)
    except ProfileError as error:
        return error
    return None


@given(st.sampled_from(_BASES), st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=3))
def test_any_json_is_an_account_or_one_clear_error(base: dict[str, Any], change: dict[str, Any]) -> None:
    error = failure(json.dumps({**base, **change}).encode())

    assert error is None or (error.text and error.fix)


@given(st.binary(max_size=200))
def test_any_bytes_are_one_clear_error(content: bytes) -> None:
    with pytest.raises(ProfileError):
        opened(content)
