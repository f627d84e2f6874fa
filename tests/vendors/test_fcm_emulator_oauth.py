"""Where the emulated Google's access tokens come from, and who gets in with them."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jwt
import pytest
from fcm_emulator_bench import JWT_BEARER, SEND, Bench, code_of, detail, document, error, foreign_key

from pushctl.core.emulated import Act
from pushctl.sandbox import forge
from pushctl.vendors.fcm.emulator import EMULATOR
from pushctl.vendors.fcm.emulator_answers import NUMBER, PROJECT
from pushctl.vendors.fcm.emulator_credentials import (
    ACCOUNTS,
    APP,
    AUDIENCE,
    CLOUD,
    MESSAGING,
    OTHERS,
    SUBJECT_URL,
    TOKEN_URL,
)
from pushctl.vendors.fcm.emulator_oauth import ACCESS_TOKEN, EXCHANGE

JWT_TYPE = "urn:ietf:params:oauth:token-type:jwt"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("fcm-oauth"), [EMULATOR]).credentials("fcm")


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(folder)


def kept(bench: Bench, credentials: str) -> Any:
    return json.loads((bench.folder / OTHERS[credentials]).read_bytes())


def said(act: Act) -> tuple[str | None, str]:
    """The code of a refusal of the token endpoint, and Google's own sentence."""
    told = document(act)
    assert set(told) >= {"error", "error_description"}
    return code_of(act), told["error_description"]


# --- the assertion of a service account


def test_access_token_is_granted_for_about_an_hour(bench: Bench) -> None:
    act = bench.mint(bench.assertion())
    assert code_of(act) is None
    told = document(act)
    assert told.keys() == {"access_token", "expires_in", "token_type"}
    assert (told["expires_in"], told["token_type"]) == (3599, "Bearer")
    assert told["access_token"].startswith("ya29.")
    assert document(bench.mint(bench.assertion()))["access_token"] != told["access_token"]


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("/token", "oauth2.googleapis.com"),
        ("/o/oauth2/token", "accounts.google.com"),
        ("/oauth2/v3/token", "www.googleapis.com"),
        ("/oauth2/v4/token", "www.googleapis.com"),
        ("/token", "fcm.googleapis.com"),
    ],
)
def test_older_addresses_are_the_same_endpoint(bench: Bench, path: str, host: str) -> None:
    assert code_of(bench.mint(bench.assertion(), path=path, host=host)) is None
    assert code_of(bench.mint(bench.assertion(aud=f"https://{host}{path}"), path=path, host=host)) is None


@pytest.mark.parametrize("header", [{}, {"typ": None}, {"typ": "jwt"}])
def test_header_without_kid_and_typ_is_taken_when_the_signature_fits(bench: Bench, header: dict[str, Any]) -> None:
    assertion = bench.assertion(header=header)
    assert "kid" not in jwt.get_unverified_header(assertion)
    assert code_of(bench.mint(assertion)) is None


def test_bare_header_and_padded_base64_are_taken(bench: Bench) -> None:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(bench.account()["private_key"].encode(), None)
    assert isinstance(key, RSAPrivateKey)
    claims = bench.assertion().split(".")[1]
    first = base64.urlsafe_b64encode(b'{"alg":"RS256"}').decode()
    signed = f"{first}.{claims}{'=' * (-len(claims) % 4)}"
    signature = base64.urlsafe_b64encode(key.sign(signed.encode(), PKCS1v15(), SHA256())).decode()
    assert code_of(bench.mint(f"{signed}.{signature}")) is None


SHORT = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."


@pytest.mark.parametrize(
    ("claims", "code", "words"),
    [
        ({"iss": "nobody@example.com"}, "invalid_grant/account", "Invalid grant: account not found"),
        ({"iss": None}, "invalid_grant/account", "Invalid grant: account not found"),
        ({"exp": lambda now: now + 3601}, "invalid_grant/short-lived", SHORT),
        ({"exp": lambda now: now - 1, "iat": lambda now: now - 60}, "invalid_grant/short-lived", SHORT),
        ({"iat": lambda now: now + 7200, "exp": lambda now: now + 7260}, "invalid_grant/short-lived", SHORT),
        ({"iat": None}, "invalid_grant/short-lived", SHORT),
        ({"exp": None}, "invalid_grant/short-lived", SHORT),
        ({"aud": "https://example.com/token"}, "invalid_grant/audience", "Invalid JWT: Failed audience check."),
        ({"aud": None}, "invalid_grant/audience", "Invalid JWT: Failed audience check."),
        ({"sub": "ann@example.com"}, "unauthorized_client", "Client is unauthorized to retrieve access tokens"),
        ({"scope": None}, "invalid_scope", "Empty or missing scope not allowed."),
        ({"scope": ""}, "invalid_scope", "Empty or missing scope not allowed."),
        ({"scope": "firebase.messaging"}, "invalid_scope", "Invalid OAuth scope or ID token audience provided."),
    ],
)
def test_claims(bench: Bench, claims: dict[str, Any], code: str, words: str) -> None:
    now = int(bench.now)
    told = {name: value(now) if callable(value) else value for name, value in claims.items()}
    found, sentence = said(bench.mint(bench.assertion(**told)))
    assert found == code
    assert sentence.startswith(words)


def test_foreign_key_revoked_key_and_foreign_key_id_are_bad_signatures(bench: Bench) -> None:
    assertions = (
        bench.assertion(key=foreign_key()),
        bench.assertion("service-account-key-revoked"),
        bench.assertion(header={"kid": "0" * 40}),
        jwt.encode({"iss": bench.account()["client_email"]}, "s" * 32, "HS256"),
        bench.assertion()[:-8] + "AAAAAAAA",
    )
    for assertion in assertions:
        assert said(bench.mint(assertion)) == ("invalid_grant/signature", "Invalid JWT Signature.")


def test_deleted_account_is_not_found(bench: Bench) -> None:
    assert code_of(bench.mint(bench.assertion("service-account-deleted"))) == "invalid_grant/account"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "invalid_request"),
        ({"grant_type": ""}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": JWT_BEARER}, "invalid_request"),
        ({"grant_type": JWT_BEARER, "assertion": "abc"}, "invalid_grant"),
        ({"grant_type": JWT_BEARER, "assertion": "a.b.c"}, "invalid_grant"),
        ({"grant_type": JWT_BEARER, "assertion": "W10.W10.W10"}, "invalid_grant"),
        ({"grant_type": "refresh_token"}, "invalid_client"),
    ],
)
def test_forms(bench: Bench, fields: dict[str, str], code: str) -> None:
    assert said(bench.form("/token", fields))[0] == code


def test_json_is_no_form(bench: Bench) -> None:
    body = json.dumps({"grant_type": JWT_BEARER, "assertion": bench.assertion()}).encode()
    act = bench.ask("POST", "/token", body, ("content-type", "application/json"), host="oauth2.googleapis.com")
    assert said(act)[0] == "invalid_request"


# --- a person's login


def refresh(bench: Bench, credentials: str = "authorized-user", **changed: str) -> Act:
    file = kept(bench, credentials)
    fields = {name: file[name] for name in ("client_id", "client_secret", "refresh_token")}
    return bench.form("/token", {"grant_type": "refresh_token", **fields, **changed})


def test_refresh_token_is_exchanged(bench: Bench) -> None:
    told = document(refresh(bench))
    assert told["expires_in"] == 3599
    assert told["scope"] == CLOUD
    assert document(refresh(bench, scope=MESSAGING))["scope"] == MESSAGING


@pytest.mark.parametrize(
    ("changed", "code", "words"),
    [
        ({"client_id": "other"}, "invalid_client", "The OAuth client was not found."),
        ({"client_secret": "wrong"}, "invalid_client", "The provided client secret is invalid."),
        ({"client_secret": ""}, "invalid_client", "The provided client secret is invalid."),
        ({"refresh_token": "1//wrong"}, "invalid_grant/refresh-token", "Bad Request"),
        ({"refresh_token": ""}, "invalid_request", "Missing required parameter: refresh_token"),
        ({"scope": "nonsense"}, "invalid_scope", "Invalid OAuth scope"),
    ],
)
def test_client_and_secret_are_checked(bench: Bench, changed: dict[str, str], code: str, words: str) -> None:
    found, sentence = said(refresh(bench, **changed))
    assert found == code
    assert sentence.startswith(words)


def test_revoked_login(bench: Bench) -> None:
    found = said(refresh(bench, "authorized-user-revoked"))
    assert found == ("invalid_grant/refresh-token", "Token has been expired or revoked.")


@pytest.mark.parametrize(
    ("project", "code"),
    [
        (None, "SERVICE_DISABLED"),
        (PROJECT, None),
        (NUMBER, None),
        ("another-project", "USER_PROJECT_DENIED"),
        ("no-such-project", "CONSUMER_INVALID"),
    ],
)
def test_a_persons_calls_need_a_project_that_pays(bench: Bench, project: str | None, code: str | None) -> None:
    access = document(refresh(bench))["access_token"]
    headers = (("x-goog-user-project", project),) if project else ()
    act = bench.post({"message": {"topic": "news"}}, *headers, access=access)
    assert code_of(act) == code
    if project is None:
        assert "has not been used in project 764086051850 before or it is disabled" in error(act)["message"]
        assert detail(act, "ErrorInfo")["metadata"]["consumer"] == "projects/764086051850"


# --- workloads


def exchange(bench: Bench, **changed: str) -> Act:
    subject = document(bench.ask("GET", SUBJECT_URL.partition(".com")[2], host="sts.googleapis.com"))["subject_token"]
    fields = {
        "grant_type": EXCHANGE,
        "audience": AUDIENCE,
        "scope": CLOUD,
        "requested_token_type": ACCESS_TOKEN,
        "subject_token": subject,
        "subject_token_type": JWT_TYPE,
    }
    return bench.form("/v1/token", {**fields, **changed}, host="sts.googleapis.com")


def impersonate(bench: Bench, body: Any = None, email: str = "", access: str = "") -> Act:
    name = email or ACCOUNTS["service-account"].email
    path = f"/v1/projects/-/serviceAccounts/{name}:generateAccessToken"
    raw = json.dumps({"scope": [MESSAGING], "lifetime": "3600s"} if body is None else body).encode()
    held = access or document(exchange(bench))["access_token"]
    return bench.call("POST", path, raw, access=held, host="iamcredentials.googleapis.com")


def test_workload_sends_in_its_own_name(bench: Bench) -> None:
    told = document(exchange(bench, scope=MESSAGING))
    assert (told["issued_token_type"], told["expires_in"]) == (ACCESS_TOKEN, 3599)
    assert code_of(bench.post({"message": {"topic": "news"}}, access=told["access_token"])) is None


def test_workload_takes_on_a_service_account(bench: Bench) -> None:
    told = document(impersonate(bench))
    assert told.keys() == {"accessToken", "expireTime"}
    assert told["expireTime"].endswith("Z")
    assert code_of(bench.post({"message": {"topic": "news"}}, access=told["accessToken"])) is None


def test_impersonated_token_lives_as_long_as_was_asked(bench: Bench) -> None:
    access = document(impersonate(bench, {"scope": [MESSAGING], "lifetime": "60s"}))["accessToken"]
    bench.now += 61
    assert code_of(bench.post({"message": {"topic": "news"}}, access=access)) == "ACCESS_TOKEN_EXPIRED"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"grant_type": JWT_BEARER}, "unsupported_grant_type"),
        ({"audience": "//iam.googleapis.com/other"}, "invalid_target"),
        ({"requested_token_type": JWT_TYPE}, "invalid_request"),
        ({"subject_token_type": ACCESS_TOKEN}, "invalid_request"),
        ({"subject_token": "forged"}, "invalid_grant"),
        ({"scope": ""}, "invalid_scope"),
    ],
)
def test_exchange_is_checked(bench: Bench, changed: dict[str, str], code: str) -> None:
    assert said(exchange(bench, **changed))[0] == code


def test_impersonation_is_checked(bench: Bench) -> None:
    assert code_of(impersonate(bench, access=bench.cloud())) == "IAM_PERMISSION_DENIED"
    assert code_of(impersonate(bench, email="nobody@example.com")) == "NOT_FOUND"
    assert code_of(impersonate(bench, {"scope": []})) == "INVALID_ARGUMENT/value"
    assert code_of(impersonate(bench, {"scope": [CLOUD], "lifetime": "7200s"})) == "INVALID_ARGUMENT/value"
    narrow = document(exchange(bench, scope=MESSAGING))["access_token"]
    assert code_of(impersonate(bench, access=narrow)) == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    act = impersonate(bench, access="ya29.nonsense")
    assert (code_of(act), error(act).get("details")) == ("UNAUTHENTICATED", None)


def test_where_an_account_may_be_used_from_is_answered(bench: Bench) -> None:
    path = f"/v1/projects/-/serviceAccounts/{ACCOUNTS['service-account'].email}/allowedLocations"
    assert document(bench.call("GET", path, host="iamcredentials.googleapis.com"))["encodedLocations"] == "0x0"


# --- who gets in


def ask(bench: Bench, *headers: tuple[str, str], path: str = SEND) -> Act:
    version = ("x-goog-api-format-version", "2")
    return bench.ask("POST", path, b'{"message":{"topic":"news"}}', version, *headers)


def test_missing_credential(bench: Bench) -> None:
    act = ask(bench)
    assert code_of(act) == "CREDENTIALS_MISSING"
    assert (error(act)["code"], error(act)["status"]) == (401, "UNAUTHENTICATED")
    assert error(act)["message"].startswith("Request is missing required authentication credential. Expected OAuth 2")
    told = detail(act, "ErrorInfo")
    assert (told["reason"], told["metadata"]["service"]) == ("CREDENTIALS_MISSING", "fcm.googleapis.com")
    assert act.response is not None
    assert act.response.header("www-authenticate") == 'Bearer realm="https://accounts.google.com/"'


@pytest.mark.parametrize("token", ["nonsense", "ya29.nonsense", "ya29.c.AB-CD", "ya29.ÄÖ", "\udcff"])
def test_garbage_is_refused_without_details(bench: Bench, token: str) -> None:
    act = ask(bench, ("authorization", f"Bearer {token}"))
    assert code_of(act) == "UNAUTHENTICATED"
    assert error(act)["message"].startswith("Request had invalid authentication credentials.")
    assert "details" not in error(act)


def test_access_token_expires(bench: Bench) -> None:
    access = bench.access()
    bench.now += 3599
    assert code_of(bench.post({"message": {"topic": "news"}}, access=access)) is None
    bench.now += 1
    act = bench.post({"message": {"topic": "news"}}, access=access)
    assert code_of(act) == "ACCESS_TOKEN_EXPIRED"
    assert detail(act, "ErrorInfo")["reason"] == "ACCESS_TOKEN_EXPIRED"


def test_access_token_of_another_process_is_good(bench: Bench, folder: Path) -> None:
    assert code_of(Bench(folder).post({"message": {"topic": "news"}}, access=bench.access())) is None


def test_wrong_scope(bench: Bench) -> None:
    access = bench.access(scope="https://www.googleapis.com/auth/devstorage.read_write openid")
    act = bench.post({"message": {"topic": "news"}}, access=access)
    assert code_of(act) == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    assert (error(act)["code"], detail(act, "ErrorInfo")["reason"]) == (403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT")


@pytest.mark.parametrize("scope", [CLOUD, f"openid {MESSAGING}"])
def test_wider_scopes_are_taken(bench: Bench, scope: str) -> None:
    assert code_of(bench.post({"message": {"topic": "news"}}, access=bench.access(scope=scope))) is None


def test_tokens_of_the_wrong_type(bench: Bench) -> None:
    id_token = jwt.encode({"iss": "https://accounts.google.com"}, foreign_key(), "RS256")
    assert code_of(ask(bench, ("authorization", f"Bearer {id_token}"))) == "ACCESS_TOKEN_TYPE_UNSUPPORTED"
    assert code_of(ask(bench, ("authorization", "key=AAAA1234567:APA91b"))) == "ACCESS_TOKEN_TYPE_UNSUPPORTED"


def test_self_signed_token_is_taken(bench: Bench) -> None:
    for claims in ({"scope": MESSAGING, "aud": None}, {"scope": None, "aud": "https://fcm.googleapis.com/"}):
        assert code_of(ask(bench, ("authorization", f"Bearer {bench.assertion(**claims)}"))) is None
    late = bench.assertion(exp=int(bench.now) - 1)
    assert code_of(ask(bench, ("authorization", f"Bearer {late}"))) == "ACCESS_TOKEN_EXPIRED"
    bare = bench.assertion(scope=None)
    assert code_of(ask(bench, ("authorization", f"Bearer {bare}"))) == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


def test_token_and_api_key_in_the_query(bench: Bench) -> None:
    assert code_of(ask(bench, path=f"{SEND}?access_token={quote(bench.access())}")) is None
    assert code_of(ask(bench, path=f"{SEND}?key=nonsense")) == "API_KEY_INVALID"
    assert code_of(ask(bench, path=f"{SEND}?key=AIza{'x' * 35}")) == "CREDENTIALS_MISSING"


def test_account_without_a_role(bench: Bench) -> None:
    act = bench.post({"message": {"topic": "news"}}, access=bench.access("service-account-no-role"))
    assert code_of(act) == "IAM_PERMISSION_DENIED"
    place = f"//cloudresourcemanager.googleapis.com/projects/{PROJECT}"
    assert error(act)["message"] == (
        f"Permission 'cloudmessaging.messages.create' denied on resource '{place}' (or it may not exist)."
    )
    told = detail(act, "ErrorInfo")
    assert told["domain"] == "cloudresourcemanager.googleapis.com"
    assert told["metadata"] == {"permission": "cloudmessaging.messages.create", "resource": f"projects/{PROJECT}"}


def test_api_that_is_switched_off(bench: Bench) -> None:
    act = bench.post({"message": {"topic": "news"}}, access=bench.access("service-account-api-off"))
    assert code_of(act) == "SERVICE_DISABLED"
    words = f"Firebase Cloud Messaging API has not been used in project {NUMBER} before or it is disabled."
    assert error(act)["message"].startswith(words)
    assert detail(act, "Help")["links"][0]["url"] == detail(act, "ErrorInfo")["metadata"]["activationUrl"]


# --- the files


def test_service_account_file_is_as_the_console_hands_it_out(bench: Bench) -> None:
    for name, account in ACCOUNTS.items():
        file = bench.account(name)
        assert (file["type"], file["project_id"], file["token_uri"]) == ("service_account", PROJECT, TOKEN_URL)
        assert file["client_email"] == account.email
        assert file["private_key"].startswith("-----BEGIN PRIVATE KEY-----\n")
        any_project = json.loads((bench.folder / account.file_for_any_project).read_bytes())
        assert {**any_project, "project_id": PROJECT} == file


@pytest.mark.parametrize("name", ["", *ACCOUNTS, *OTHERS])
def test_profile_of_every_set_of_credentials(folder: Path, name: str) -> None:
    profile = EMULATOR.profile(folder, "production", name)
    assert (profile["vendor"], profile["environment"], profile["app"]) == ("fcm", "production", dict(APP))
    (path,) = profile["credentials"].values()
    assert Path(path.removeprefix("file:")).is_file()


def test_profile_of_an_unknown_set(folder: Path) -> None:
    with pytest.raises(KeyError):
        EMULATOR.profile(folder, "production", "nonsense")


def test_bare_access_tokens_need_no_endpoint(bench: Bench) -> None:
    for name, code in (("access-token", None), ("access-token-expired", "ACCESS_TOKEN_EXPIRED")):
        access = (bench.folder / OTHERS[name]).read_text()
        assert code_of(bench.post({"message": {"topic": "news"}}, access=access)) == code
