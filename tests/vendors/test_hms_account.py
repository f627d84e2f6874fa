"""Who pushes: both ways of authentication, both ids, the tokens that they give, the files that they come from."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.errors import ProfileError
from pushctl.core.importing import Piece
from pushctl.core.secret import Secret
from pushctl.core.vendor import Account, Env, Grant
from pushctl.core.wire import Response
from pushctl.vendors.hms import VENDOR, importing

ENV = Env(1_581_407_064.0, bytes)
PROJECT = "388421841221199046"


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def private_json(**changes: Any) -> bytes:
    pem = key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    document = {
        "project_id": PROJECT,
        "key_id": "0123456789abcdef0123456789abcdef",
        "private_key": pem,
        "sub_account": "100000000",
        "token_uri": "https://oauth-login.cloud.huawei.com/oauth2/v3/token",
    }
    return json.dumps({**document, **changes}).encode()


def agconnect(**changes: Any) -> bytes:
    client = {
        "cp_id": "890000000000000001",
        "product_id": PROJECT,
        "client_id": "323610411111111111",
        "client_secret": "AGC-SECRET-CANARY",
        "project_id": PROJECT,
        "app_id": "100000001",
        "package_name": "com.example.app",
    }
    return json.dumps({"agcgw": {"url": "connect-dre.hispace.hicloud.com"}, "client": {**client, **changes}}).encode()


def account(credentials: dict[str, Any] | None = None, **app: str) -> Account:
    given_ = {"client_secret": Secret("s3cr3t", "$X")} if credentials is None else credentials
    return VENDOR.account({"environment": "production", "credentials": given_, "app": app, "network": {}})


def service_account(data: bytes | None = None, **app: str) -> Account:
    return account({"service_account": Secret(data or private_json(), "$KEY", "file:private.json")}, **app)


def failing(*args: Any, **kwargs: Any) -> ProfileError:
    with pytest.raises(ProfileError) as caught:
        account(*args, **kwargs)
    assert caught.value.text.endswith(".")
    assert caught.value.fix.endswith(".")
    assert caught.value.where
    return caught.value


# --- which API -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("app", "api"),
    [
        ({"app_id": "100000001"}, "v1"),
        ({"app_id": "100000001", "project_id": PROJECT}, "v1"),
        ({"app_id": "100000001", "project_id": PROJECT, "api": "v2"}, "v2"),
        ({"project_id": PROJECT, "app_id": ""}, "v2"),
    ],
)
def test_the_ids_decide_the_api_unless_it_is_said(app: dict[str, str], api: str) -> None:
    secret = {"client_id": "100000001", "client_secret": Secret("s", "$X")}
    assert account(secret, **app).app["api"] == api


def test_a_client_id_alone_is_the_app_id() -> None:
    made = account({"client_id": "100000001", "client_secret": Secret("s", "$X")})
    assert (made.app["api"], made.app["app_id"]) == ("v1", "100000001")


def test_a_service_account_alone_pushes_by_its_project() -> None:
    made = service_account()
    assert (made.app["api"], made.app["project_id"]) == ("v2", PROJECT)


def test_a_service_account_can_push_by_app_id() -> None:
    assert service_account(app_id="100000001").app["api"] == "v1"


@pytest.mark.parametrize(
    ("app", "rule", "said"),
    [
        ({"api": "v3", "app_id": "1"}, "app-api", "v3"),
        ({"api": "v2", "app_id": "1"}, "app-id-missing", "project id"),
        ({"app_id": "10000x"}, "credential-id", "10000x"),
        ({"app_id": "1", "project_id": "1" * 65}, "credential-id", "1" * 40),
    ],
)
def test_a_wrong_id_is_told_with_its_value(app: dict[str, str], rule: str, said: str) -> None:
    error = failing(None, **app)
    assert error.rule == rule
    assert said in error.text


@pytest.mark.parametrize(
    ("credentials", "rule"),
    [
        ({}, "credential-missing"),
        ({"client_id": "1"}, "credential-missing"),
        ({"client_secret": Secret("", "$X")}, "credential-missing"),
        ({"client_secret": Secret(" \n", "$X")}, "credential-secret"),
        ({"client_secret": Secret("a b", "$X")}, "credential-secret"),
        ({"client_secret": Secret(b"\xff\xfe", "$X")}, "credential-secret"),
        ({"client_secret": Secret(agconnect(), "$X")}, "credential-kind"),
        ({"client_secret": Secret("s", "$X"), "service_account": Secret("{}", "$Y")}, "credential-mixed"),
    ],
)
def test_what_is_no_credential_is_told_without_its_value(credentials: dict[str, Any], rule: str) -> None:
    error = failing(credentials, app_id="1")
    assert error.rule == rule
    assert "CANARY" not in error.text + error.fix


def test_a_secret_needs_a_client_id_or_an_app_id() -> None:
    assert failing(None, project_id=PROJECT).where == "credentials.client_id"


def test_another_environment_is_refused() -> None:
    with pytest.raises(ProfileError, match="no environment 'sandbox'"):
        VENDOR.account({"environment": "sandbox", "credentials": {}, "app": {}})


def test_the_line_break_at_the_end_of_a_secret_file_is_not_part_of_it() -> None:
    assert account({"client_secret": Secret("s3cr3t\r\n", "$X")}, app_id="1").credential.secret.reveal() == "s3cr3t"


def test_googles_service_account_is_told_apart() -> None:
    with pytest.raises(ProfileError, match="Google's service account"):
        service_account(json.dumps({"type": "service_account", "client_email": "x@y"}).encode())


@given(st.dictionaries(st.sampled_from(["app_id", "project_id", "api"]), st.text(max_size=20)))
def test_any_text_as_an_id_is_an_account_or_a_profile_error(app: dict[str, str]) -> None:
    try:
        made = account(None, **app)
    except ProfileError:
        return
    assert made.app["api"] in ("v1", "v2")


# --- inside the credential -------------------------------------------------------------------------------------------


def rules(made: Account) -> list[str]:
    return [finding.rule for finding in VENDOR.inspect(made, 0)[1]]


def test_the_path_and_the_public_ids_are_shown() -> None:
    facts = dict(VENDOR.inspect(service_account(app_id="100000001"), 0)[0])
    assert facts["path"] == "/v1/100000001/messages:send (app id)"
    assert (facts["sub account"], facts["project id"]) == ("100000000", PROJECT)
    assert dict(VENDOR.inspect(account(None, app_id="100000001"), 0)[0])["client id"] == "100000001"


@pytest.mark.parametrize(
    ("app", "expected"),
    [
        ({"app_id": "100000001"}, []),
        ({"app_id": PROJECT}, ["id-shape"]),
        ({"app_id": "100000001", "project_id": "100000001"}, ["id-shape"]),
        ({"app_id": "100000001", "project_id": "100000002"}, ["id-shape"]),
        ({"app_id": "100000001", "project_id": PROJECT}, []),
    ],
)
def test_ids_that_look_mixed_up_are_told(app: dict[str, str], expected: list[str]) -> None:
    assert rules(account(None, **app)) == expected


def test_a_client_id_of_another_app_is_told() -> None:
    other = {"client_id": "100000002", "client_secret": Secret("s", "$X")}
    assert rules(account(other, app_id="100000001")) == ["client-id-differs"]


def test_a_service_account_of_another_project_is_an_error_with_both_ids() -> None:
    made = service_account(project_id="736430079244623026")
    (finding,) = VENDOR.inspect(made, 0)[1]
    assert (finding.rule, finding.level) == ("project-differs", "error")
    assert PROJECT in finding.text
    assert "736430079244623026" in finding.text


# --- tokens ----------------------------------------------------------------------------------------------------------


def test_an_oauth_token_is_asked_for_at_the_accounts_own_host() -> None:
    made = account(None, app_id="100000001")
    spec = VENDOR.grant(made, "send")
    assert spec is not None
    assert (spec.key, spec.reuse_s) == ("hms.oauth.100000001", 3300.0)
    steps = VENDOR.mint(made, spec, ENV)
    request = next(steps)
    assert request.url == "https://oauth-login.cloud.huawei.com/oauth2/v3/token"
    with pytest.raises(StopIteration) as end:
        steps.send(Response(200, (), b'{"access_token":"t","expires_in":3600}'))
    assert isinstance(end.value.value, Grant)
    assert end.value.value.expires == ENV.now + 3600


def test_a_token_of_another_endpoint_is_kept_apart() -> None:
    made = account(None, app_id="100000001")
    elsewhere = Account(made.environment, made.credential, made.app, {"push": "https://x", "auth": "https://x"})
    one, other = VENDOR.grant(made, "send"), VENDOR.grant(elsewhere, "send")
    assert one is not None
    assert other is not None
    assert one.key != other.key


def test_a_jwt_is_signed_here_and_sent_as_it_is() -> None:
    made = service_account()
    spec = VENDOR.grant(made, "topic.list")
    assert spec is not None
    with pytest.raises(StopIteration) as end:
        next(VENDOR.mint(made, spec, ENV))
    token = end.value.value.value.reveal()
    claims = jwt.decode(
        token,
        key().public_key(),
        algorithms=["PS256"],
        audience="https://oauth-login.cloud.huawei.com/oauth2/v3/token",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert (claims["iss"], claims["iat"], claims["exp"]) == ("100000000", 1_581_407_064, 1_581_410_664)
    assert spec.key.startswith("hms.jwt.100000000.0123456789abcdef0123456789abcdef.")


# --- files -----------------------------------------------------------------------------------------------------------


def read(name: str, data: bytes) -> Piece:
    piece = importing.read(name, data)
    assert piece is not None
    return piece


def test_agconnect_services_tells_the_ids_and_not_the_secret() -> None:
    piece = read("agconnect-services.json", agconnect())
    assert piece.kind == "facts"
    assert piece.facts == {"app_id": "100000001", "project_id": PROJECT, "package_name": "com.example.app"}
    assert [finding.rule for finding in piece.findings] == ["agconnect-secret"]
    draft = importing.combine([piece])
    assert "AGC-SECRET-CANARY" not in repr(draft)
    assert importing.wanted(draft) == ("credentials.client_secret",)


def test_an_older_agconnect_file_has_its_project_as_product() -> None:
    piece = read("agconnect-services.json", agconnect(project_id=None, client_secret=None))
    assert piece.facts["project_id"] == PROJECT
    assert piece.findings == ()


def test_a_key_file_is_the_credential() -> None:
    draft = importing.combine([read("private.json", private_json())])
    assert set(draft.files) == {"service_account"}
    assert draft.values == {"app.project_id": PROJECT}
    assert importing.wanted(draft) == ()


def test_files_of_one_project_make_one_profile() -> None:
    draft = importing.combine([read("agconnect-services.json", agconnect()), read("private.json", private_json())])
    assert draft.values["app.app_id"] == "100000001"
    assert importing.wanted(draft) == ()


def test_files_of_two_projects_are_refused_with_both_ids() -> None:
    pieces = [read("agconnect-services.json", agconnect(project_id="1")), read("private.json", private_json())]
    with pytest.raises(ProfileError, match=rf"agconnect-services\.json says project_id 1, .* {PROJECT}"):
        importing.combine(pieces)


def test_two_key_files_are_two_profiles() -> None:
    pieces = [read("a.json", private_json()), read("b.json", private_json())]
    with pytest.raises(ProfileError, match="both a service account"):
        importing.combine(pieces)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not json",
        b"[]",
        b'{"project_info":{"project_id":"x"},"client":[{"client_info":{}}]}',
        b'{"type":"service_account","client_email":"x"}',
        b'{"client":{"app_id":"1"}}',
    ],
)
def test_what_is_not_huaweis_is_not_recognised(data: bytes) -> None:
    assert importing.read("x.json", data) is None


def test_a_key_file_with_a_broken_key_is_recognised_and_refused() -> None:
    with pytest.raises(ProfileError):
        importing.read("private.json", private_json(private_key="-----BEGIN PRIVATE KEY-----\nAAAA\n"))


@given(st.binary(max_size=100))
def test_any_bytes_are_a_piece_or_nothing(data: bytes) -> None:
    assert importing.read("x", data) is None
