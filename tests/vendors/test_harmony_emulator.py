"""The emulated Push Kit v3 as a pure machine: a request and the world in, an act out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from huawei_emulator_bench import Bench, code, listed, told
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.emulated import Act
from pushctl.sandbox import forge
from pushctl.vendors.harmony.emulator import EMULATOR
from pushctl.vendors.harmony.emulator_credentials import CLIENT, OTHER_CLIENT, OTHER_PROJECT, PROJECT
from pushctl.vendors.harmony.emulator_handsets import token_of

SEND = f"/v3/{PROJECT}/messages:send"
LIVE = token_of()
NOTIFICATION = {"category": "IM", "title": "Hi", "body": "There", "clickAction": {"actionType": 0}}
FORM = {"formId": 1, "version": 1, "moduleName": "m", "formName": "f", "abilityName": "a", "formData": {"x": "1"}}
LIVE_VIEW = {"activityId": 7, "operation": 0, "event": "TAXI", "version": 1, "activityData": {}}
PAYLOADS: dict[str, dict[str, Any]] = {
    "0": {"notification": NOTIFICATION},
    "1": FORM,
    "2": {"notification": {**NOTIFICATION, "category": "PLAY_VOICE"}, "extraData": "say this"},
    "6": {"extraData": '{"cmd":"sync"}'},
    "7": LIVE_VIEW,
    "10": {"extraData": "call"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("harmony"), [EMULATOR]).credentials("harmony")


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(EMULATOR, folder)


def message(kind: str = "0", *tokens: str, **options: Any) -> dict[str, Any]:
    """The smallest message of a push-type; ``options`` are pushOptions."""
    made: dict[str, Any] = {"payload": dict(PAYLOADS[kind]), "target": {"token": list(tokens or [LIVE])}}
    return {**made, "pushOptions": options} if options else made


def send(
    bench: Bench, document: Any, kind: str | None = "0", path: str = SEND, authorization: str | None = "fresh"
) -> Act:
    given_one = f"Bearer {bench.signed()}" if authorization == "fresh" else authorization
    headers = {"push_type": kind} if kind is not None else {}
    return bench.post(path, document, given_one, **headers)


# --- who is asking


@pytest.mark.parametrize(
    ("path", "account", "expected"),
    [
        (SEND, "private", "80000000"),
        (f"/v3/{OTHER_PROJECT}/messages:send", "private", "80200001"),
        (f"/v3/{CLIENT}/messages:send", "private", "80300002"),
        (f"/v1/{CLIENT}/messages:send", "private", "http/404"),
        (f"/v2/{PROJECT}/messages:send", "private", "http/404"),
        (f"/v3/{PROJECT}/messages:revoke", "private", "http/404"),
        (SEND, "private-wrong-project", "80200001"),
        (SEND, "private-revoked", "80200001"),
        (SEND, "private-unknown", "80200001"),
        (SEND, "private-wrong-key", "80200001"),
        (f"/v3/{OTHER_PROJECT}/messages:send", "private-other-project", "80300007"),
    ],
)
def test_path_and_service_account(bench: Bench, path: str, account: str, expected: str) -> None:
    assert code(send(bench, message(), path=path, authorization=f"Bearer {bench.signed(account)}")) == expected


@pytest.mark.parametrize("value", [None, "", "Bearer", "Basic abc", "Bearer CV/SBX/00-00", "Bearer a.b.c"])
def test_only_a_jwt_is_taken(bench: Bench, value: str | None) -> None:
    assert code(send(bench, message(), authorization=value)) == "80200001"


def test_another_projects_account_has_no_right_to_any_token(bench: Bench) -> None:
    token = f"Bearer {bench.signed('private-other-project')}"
    act = send(bench, message(), path=f"/v3/{OTHER_PROJECT}/messages:send", authorization=token)
    assert listed(act) == {"failure": 1, "illegalTokens": {"noRight": [LIVE]}}


def test_ids_of_the_profile_stand_for_the_sandboxes_own(folder: Path) -> None:
    bench = Bench(EMULATOR, folder, app={"project_id": "888", "client_id": "777"})
    assert code(send(bench, message(), path="/v3/888/messages:send")) == "80000000"
    body = {"notifyId": 1, "token": [LIVE]}
    assert code(send(bench, body, path="/v1/777/messages:revoke")) == "80000000"


# --- bodies by push-type


@pytest.mark.parametrize("kind", PAYLOADS)
def test_smallest_message_of_each_push_type(bench: Bench, kind: str) -> None:
    assert code(send(bench, message(kind), kind)) == "80000000"


@pytest.mark.parametrize("kind", [None, "", "3", "alert", "00"])
def test_push_type_that_is_none(bench: Bench, kind: str | None) -> None:
    assert code(send(bench, message(), kind)) == "80100001"


@pytest.mark.parametrize(("kind", "other"), [(a, b) for a in PAYLOADS for b in PAYLOADS if {a, b} != {"6", "10"}])
def test_payload_fits_its_push_type(bench: Bench, kind: str, other: str) -> None:
    expected = "80000000" if kind == other else "80100003"
    assert code(send(bench, message(other), kind)) == expected or (kind, other) == ("0", "2")


@pytest.mark.parametrize(
    ("kind", "change", "expected"),
    [
        ("0", lambda d: d["payload"]["notification"].pop("category"), "80100003"),
        ("0", lambda d: d["payload"]["notification"].update(category="SYSTEM_REMINDER"), "80100003"),
        ("0", lambda d: d["payload"]["notification"].update(category="MARKETING"), "80000000"),
        ("0", lambda d: d["payload"]["notification"].pop("clickAction"), "80100003"),
        ("0", lambda d: d["payload"]["notification"].update(clickAction={"actionType": 1}), "80100003"),
        ("0", lambda d: d["payload"]["notification"].update(clickAction={"actionType": 1, "uri": "a://b"}), "80000000"),
        ("0", lambda d: d["payload"]["notification"].update(clickAction={"actionType": 3}), "80100003"),
        ("0", lambda d: d["payload"]["notification"].update(badge={"addNum": 0}), "80100003"),
        ("0", lambda d: d["payload"]["notification"].update(badge={"addNum": 99}), "80000000"),
        ("0", lambda d: d["payload"]["notification"].update(style=3, inboxContent=["a"] * 4), "80100003"),
        ("0", lambda d: d["payload"]["notification"].update(style=3, inboxContent=["a"] * 3), "80000000"),
        ("0", lambda d: d["payload"]["notification"].update(soundDuration=5), "80100003"),
        ("0", lambda d: d["payload"]["notification"].update(appMessageId="x" * 65), "80100003"),
        ("0", lambda d: d["payload"]["notification"].update(notifyId="1"), "80100003"),
        ("0", lambda d: d["payload"].update(notification={"badge": {"setNum": 0}}), "80000000"),
        ("0", lambda d: d.update(payload={"badge": {"setNum": 3}}), "80000000"),
        ("0", lambda d: d["payload"]["notification"].update(click_action={}), "80100003"),
        ("0", lambda d: d.update(pushOptions={"ttl": "60"}), "80100003"),
        ("0", lambda d: d.update(pushOptions={"ttl": 1_296_001}), "80100003"),
        ("0", lambda d: d.update(pushOptions={"collapseKey": -1}), "80000000"),
        ("0", lambda d: d.update(pushOptions={"collapseKey": 101}), "80100013"),
        ("0", lambda d: d.update(pushOptions={"biTag": "推" * 22}), "80100003"),
        ("0", lambda d: d.pop("payload"), "80100003"),
        ("0", lambda d: d.pop("target"), "80300010"),
        ("0", lambda d: d.update(target={"tokens": [LIVE]}), "80300010"),
        ("0", lambda d: d.update(target={"token": []}), "80300010"),
        ("0", lambda d: d.update(target={"token": LIVE}), "80100003"),
        ("1", lambda d: d["payload"].update(formData={"a": None}), "80100003"),
        ("1", lambda d: d["payload"].update(formData={"a": [2**53]}), "80100003"),
        ("1", lambda d: d["payload"].update(formData={"datashareproxy://x": 1}), "80100003"),
        ("1", lambda d: d["payload"].update(images=[{"keyName": "k", "url": "https://e.com/a.png"}]), "80100022"),
        ("1", lambda d: d["target"].update(token=[LIVE, LIVE]), "80300010"),
        ("2", lambda d: d["payload"].update(notification=NOTIFICATION), "80100003"),
        ("2", lambda d: d["payload"].pop("extraData"), "80100003"),
        ("6", lambda d: d["payload"].update(extraData={"cmd": "sync"}), "80100003"),
        ("6", lambda d: d["payload"].update(proxyData="ENABLE"), "80000000"),
        ("6", lambda d: d["payload"].update(proxyData="enable"), "80100003"),
        ("6", lambda d: d.update(pushOptions={"backgroundMode": 1}), "80000000"),
        ("7", lambda d: d["payload"].update(event="DELIVERY"), "80100003"),
        ("7", lambda d: d["payload"].update(event="DELIVERY", operation=1), "80000000"),
        ("7", lambda d: d["payload"].update(activityId=2**31), "80100003"),
    ],
)
def test_message(bench: Bench, kind: str, change: Callable[[dict[str, Any]], object], expected: str) -> None:
    document = message(kind)
    document["payload"] = {name: dict(v) if isinstance(v, dict) else v for name, v in document["payload"].items()}
    change(document)
    assert code(send(bench, document, kind)) == expected


def test_unknown_member_is_refused_in_strict_mode_only(folder: Path) -> None:
    for strict, expected in ((True, "80100003"), (False, "80000000")):
        assert code(send(Bench(EMULATOR, folder, strict=strict), message("6", testMesage=True), "6")) == expected


def test_speech_category_belongs_to_push_type_2(bench: Bench) -> None:
    document = message("2")
    del document["payload"]["extraData"]
    assert listed(send(bench, document, "0"))["illegalTokens"] == {"notSupportPlayVoice": [LIVE]}


def test_size_is_counted_without_the_tokens(bench: Bench) -> None:
    assert code(send(bench, message("6", *[LIVE] * 1000), "6")) == "80000000"
    document = message("6")
    document["payload"]["extraData"] = "x" * 4096
    assert code(send(bench, document, "6")) == "80300008"


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["payload", "target", "token", "notification", "clickAction", "pushOptions"]), inner
            )
        ),
    ),
    st.sampled_from([*PAYLOADS]),
)
def test_no_body_breaks_it(folder: Path, document: Any, kind: str) -> None:
    bench = Bench(EMULATOR, folder)
    assert code(send(bench, document, kind)).isdigit()
    assert code(send(bench, {"payload": document, "target": {"token": [LIVE]}}, kind)).isdigit()


# --- tokens, rights, quotas


def test_refused_tokens_are_listed_by_reason(bench: Bench) -> None:
    dead, foreign = token_of("token-dead"), token_of("token-other-app")
    some = send(bench, message("0", LIVE, dead, foreign, "x"))
    illegal = {"tokenFormatError": [dead, "x"], "noRight": [foreign]}
    assert (code(some), listed(some)) == ("80100000", {"illegalTokens": illegal, "success": 1, "failure": 3})
    everyone = send(bench, message("0", dead, foreign))
    assert listed(everyone) == {"failure": 2, "illegalTokens": {"tokenFormatError": [dead], "noRight": [foreign]}}
    assert code(everyone) == "80300007"


def test_tokens_are_of_their_familys_shape() -> None:
    for handset in EMULATOR.handsets("production"):
        assert len(handset.token) == 112
        assert handset.token.startswith("MAMz")
        assert "+" in handset.token
        assert "/" in handset.token


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("2", "noPushTypeRight"),
        ("7", "noRightToSendThisLiveNotificationEvent"),
        ("10", "noPushTypeRight"),
        ("0", ""),
        ("1", ""),
        ("6", ""),
    ],
)
def test_rights_of_push_types(folder: Path, kind: str, reason: str) -> None:
    for bench, token in (
        (Bench(EMULATOR, folder, scenario="no-rights"), LIVE),
        (Bench(EMULATOR, folder), token_of("no-rights")),
    ):
        act = send(bench, message(kind, token), kind)
        if reason:
            assert listed(act)["illegalTokens"] == {reason: [token]}
        else:
            assert code(act) == "80000000"


def test_test_messages_go_to_ten_tokens_and_a_thousand_times_a_day(bench: Bench) -> None:
    assert code(send(bench, message("0", *[LIVE] * 10, testMessage=True))) == "80000000"
    assert code(send(bench, message("0", *[LIVE] * 11, testMessage=True))) == "80300030"
    assert code(send(bench, message("0", *[LIVE] * 11, testMessage=False))) == "80000000"
    bench.now = 1_800_000_000.0
    token = f"Bearer {bench.signed()}"
    document = message("0", testMessage=True)
    codes = [code(send(bench, document, authorization=token)) for _ in range(1001)]
    assert codes == ["80000000"] * 1000 + ["80300029"]
    assert code(send(bench, message(), authorization=token)) == "80000000"
    bench.now += 86400
    assert code(send(bench, document)) == "80000000"


def test_marketing_over_the_daily_number_is_accepted_and_noted(bench: Bench) -> None:
    document = message()
    document["payload"]["notification"] = {**NOTIFICATION, "category": "MARKETING"}
    notes = [send(bench, document).note for _ in range(3)]
    assert ("256" in notes[1], "256" in notes[2]) == (False, True)


# --- revoking


@pytest.mark.parametrize(
    ("document", "kind", "expected"),
    [
        ({"notifyId": 1234567, "token": [LIVE]}, "0", "80000000"),
        ({"notifyId": 1234567, "token": [LIVE]}, "2", "80000000"),
        ({"notifyId": 1234567, "token": [LIVE]}, "6", "80100001"),
        ({"notifyId": 1234567, "token": [LIVE]}, None, "80100001"),
        ({"token": [LIVE]}, "0", "80100003"),
        ({"notifyId": "1", "token": [LIVE]}, "0", "80100003"),
        ({"notifyId": -1, "token": [LIVE]}, "0", "80100003"),
        ({"notifyId": 1}, "0", "80100003"),
        ({"notifyId": 1, "token": []}, "0", "80300010"),
        ({"notifyId": 1, "token": [LIVE] * 1001}, "0", "80300010"),
        ({"notifyId": 1, "token": ["x"]}, "0", "80300007"),
        (b"{", "0", "80100003"),
    ],
)
def test_revoke(bench: Bench, document: Any, kind: str | None, expected: str) -> None:
    assert code(send(bench, document, kind, f"/v1/{CLIENT}/messages:revoke")) == expected


def test_revoke_is_by_the_client_id_of_the_callers_project(bench: Bench) -> None:
    body = {"notifyId": 1, "token": [LIVE]}
    assert code(send(bench, body, path=f"/v1/{OTHER_CLIENT}/messages:revoke")) == "80200001"
    assert code(send(bench, body, path=f"/v1/{PROJECT}/messages:revoke")) == "80300002"
    assert told(send(bench, body, path=f"/v1/{CLIENT}/messages:revoke"))["msg"] == "Success"
