"""The emulated OPPO Push and many targets: batches, saved bodies and broadcasts; dead ids, tags and pictures beside
them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from oppo_emulator_bench import FORM, LIVE, Bench, code, message, shown, told

from pushctl.core.emulated import Act, Seen
from pushctl.core.emulated_calls import counted
from pushctl.sandbox import forge
from pushctl.vendors.oppo.emulator import EMULATOR
from pushctl.vendors.oppo.emulator_credentials import APP, OTHER_APP
from pushctl.vendors.oppo.emulator_handsets import token_of

DEAD = token_of("token-dead")
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("oppo-many"), [EMULATOR]).credentials("oppo")


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(folder)


# --- unicast_batch ---------------------------------------------------------------------------------------------------


def test_batch_answers_in_the_order_of_the_request(bench: Bench) -> None:
    targets = [DEAD, LIVE, "CN_" + "0" * 32, token_of("slow")]
    act = bench.call("unicast_batch", messages=[message(target) for target in targets])
    data = told(act)["data"]
    assert [one["registrationId"] for one in data] == targets
    assert [one.get("errorCode") for one in data] == [10000, None, 10000, None]
    assert all(one["messageId"] for one in data)
    assert [set(one) for one in data[:2]] == [
        {"messageId", "registrationId", "errorCode", "errorMessage"},
        {"messageId", "registrationId"},
    ]
    assert (act.code, act.delay_s) == ("10000", 2.0)
    assert act.note.startswith("2 of 4 targets refused: dead, unknown.")


def test_each_message_of_a_batch_has_its_own_content(bench: Bench) -> None:
    act = bench.call("unicast_batch", messages=[message(), message(category="im")])
    assert (code(act), told(act)["message"].partition(" ")[0]) == (67, "Category")
    act = bench.call("unicast_batch", messages=[message(), message(title="x" * 51)])
    assert told(act)["message"] == "title max length is 50"
    assert act.note.startswith("messages[1].notification.title length limit is 50")
    assert "unproved" in act.note


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (None, 40),
        ([], 40),
        ("x", 41),
        ({}, 41),
        ([7], 41),
        ([{}], 40),
        ([message(DEAD)] * 1000, 0),
        ([message(DEAD)] * 1001, 41),
    ],
)
def test_batch_holds_up_to_a_thousand(bench: Bench, messages: Any, expected: int) -> None:
    assert code(bench.call("unicast_batch", messages=messages)) == expected


def test_same_target_may_get_several_messages(bench: Bench) -> None:
    act = bench.call("unicast_batch", messages=[message(category="IM", app_message_id="a")] * 2)
    assert len(told(act)["data"]) == 2
    assert "dropped" in act.note


def test_batch_of_which_all_targets_are_bad_is_answered_all_the_same(bench: Bench) -> None:
    assert code(bench.call("unicast_batch", messages=[message(DEAD)])) == 0


# --- save and broadcast ----------------------------------------------------------------------------------------------


def test_saved_body_goes_to_a_list(bench: Bench) -> None:
    act = bench.broadcast(LIVE, DEAD, "CN_" + "0" * 32, LIVE, "")
    data = told(act)["data"]
    assert data.keys() == {"message_id", "task_id", "10000"}
    assert data["10000"] == [DEAD, "CN_" + "0" * 32]
    assert len(data["message_id"]) == len(data["task_id"]) == 24
    assert act.code == "10000"
    assert told(bench.broadcast(LIVE))["data"].keys() == {"message_id", "task_id"}


def test_saved_body_as_the_official_sdk_writes_it(bench: Bench) -> None:
    fields = shown(style=1, off_line=True, off_line_ttl=60, push_time_type=0, sdk_version="JAVA_SDK_V1.1.0")
    answer = told(bench.call("save_message_content", **{**fields, "off_line": "true"}))
    assert answer["data"].keys() == {"message_id"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": None}, 41),
        ({"title": "x" * 51}, 41),
        ({"style": 3}, 41),
        ({"style": 3, "big_picture_url": "https://example.com/a.png"}, 0),
        ({"style": 3, "big_picture_url": "https://example.com/a.png", "fix_speed": True}, 41),
        ({"push_time_type": 1}, 41),
        ({"push_time_type": 1, "push_start_time": 1}, 0),
        ({"fix_speed": True, "fix_speed_rate": 1000}, 0),
        ({"category": "im"}, 67),
        ({"private_title_parameters": {"a": "b"}}, 0),
        ({"message": "x"}, 0),
        ({"action_parameters": '{"a":"b"}'}, 0),
    ],
)
def test_flat_fields_of_a_saved_body(bench: Bench, fields: dict[str, Any], expected: int) -> None:
    assert code(bench.call("save_message_content", **shown(**fields))) == expected


def test_bodies_with_the_same_app_message_id_are_saved_once(bench: Bench) -> None:
    acts = [bench.call("save_message_content", **shown(app_message_id=own_id)) for own_id in ("a", "a", "b")]
    ids = [told(act)["data"]["message_id"] for act in acts]
    assert (ids[0] == ids[1], ids[0] == ids[2]) == (True, False)
    assert ["saved already" in act.note for act in acts] == [False, True, False]


def test_message_id_is_known_to_the_app_and_region_that_saved_it(bench: Bench) -> None:
    stored = bench.save()
    how = {"message_id": stored, "target_type": 2, "target_value": LIVE}
    assert code(bench.call("broadcast", **how)) == 0
    assert code(bench.call("broadcast", **{**how, "message_id": "0" * 24})) == 31
    assert code(bench.call("broadcast", listener="push-international", **how)) == 31
    other = bench.token(app_key=OTHER_APP, secret=bench.secret("other"))
    assert code(bench.call("broadcast", token=other, **how)) == 31


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"message_id": None}, 40),
        ({"target_type": None}, 40),
        ({"target_type": "x"}, 41),
        ({"target_type": 3}, 41),
        ({"target_type": 4}, 41),
        ({"target_value": None}, 40),
        ({"target_value": " ; "}, 40),
        ({"target_value": ";".join(f"CN_{number:032x}" for number in range(1000))}, 0),
        ({"target_value": ";".join(f"CN_{number:032x}" for number in range(1001))}, 41),
        ({"target_type": 1, "target_value": None}, 0),
        ({"target_type": 5, "target_value": "pushctl;token-dead"}, 0),
        ({"target_type": 6, "target_value": '{"or":["a"]}'}, 0),
        ({"target_type": 6, "target_value": '{"or":["a"],"and":["b"],"not":["c"]}'}, 0),
        ({"target_type": 6, "target_value": "a"}, 41),
        ({"target_type": 6, "target_value": '{"xor":["a"]}'}, 41),
        ({"target_type": 6, "target_value": '{"or":"a"}'}, 41),
        ({"target_type": 6, "target_value": '{"or":[]}'}, 40),
        ({"target_type": 6, "target_value": None}, 40),
    ],
)
def test_whom_a_broadcast_is_for(bench: Bench, changed: dict[str, Any], expected: int) -> None:
    how = {"message_id": bench.save(), "target_type": 2, "target_value": LIVE, **changed}
    assert code(bench.call("broadcast", **how)) == expected


def test_aliases_that_fail_stand_under_the_code(bench: Bench) -> None:
    assert told(bench.broadcast("pushctl", "token-dead", kind=5))["data"]["10000"] == ["token-dead"]


def test_timed_push_is_for_all(bench: Bench) -> None:
    timed = {"push_time_type": 1, "push_start_time": 1}
    assert code(bench.broadcast(kind=1, **timed)) == 0
    assert code(bench.broadcast(LIVE, **timed)) == 41
    assert code(bench.broadcast('{"or":["a"]}', kind=6, **timed)) == 41


def test_all_phones_count_towards_the_day(bench: Bench) -> None:
    act = bench.broadcast(kind=1, category="NEWS")
    assert "Emulated phones reached: " in act.note
    counted(bench.world, f"public of {APP}", 100_000)
    assert code(bench.broadcast(kind=1, category="NEWS")) == 33
    assert code(bench.broadcast(kind=1, category="IM")) == 0


@pytest.mark.parametrize("whole_run", [True, False])
def test_partial_failure_refuses_the_last_target(folder: Path, whole_run: bool) -> None:
    bench = Bench(folder, scenario="partial" if whole_run else None)
    targets = [LIVE, token_of("slow")] if whole_run else [token_of("partial"), LIVE]
    data = told(bench.call("unicast_batch", messages=[message(target) for target in targets]))["data"]
    assert [one.get("errorCode") for one in data] == [None, 10000]
    assert told(bench.broadcast(*targets))["data"]["10000"] == targets[1:]
    assert code(bench.unicast(targets[0])) == 10000


def test_phones_scenario_acts_in_a_batch_and_in_a_broadcast(bench: Bench) -> None:
    quota = token_of("quota")
    assert code(bench.call("unicast_batch", messages=[message(), message(quota)])) == 33
    assert code(bench.broadcast(LIVE, quota)) == 33
    assert bench.broadcast(LIVE, token_of("drop-connection")).wire == "drop"


# --- dead ids and tags -----------------------------------------------------------------------------------------------


def invalid_list(bench: Bench, token: str | None, method: str = "GET", *headers: tuple[str, str]) -> Act:
    query = "" if token is None else "?" + urlencode({"auth_token": token})
    seen = Seen(method, f"/server/v1/feedback/fetch_invalid_regidList{query}", headers, b"")
    return bench.serve(seen, "feedback")


def test_dead_ids_are_listed(bench: Bench) -> None:
    data = told(invalid_list(bench, bench.token()))["data"]
    assert DEAD in data["registration_ids"]
    assert LIVE not in data["registration_ids"]
    assert token_of("partial") not in data["registration_ids"]
    assert data["totalCount"] == len(data["registration_ids"])


def test_dead_ids_are_for_those_who_may_ask(bench: Bench) -> None:
    assert code(invalid_list(bench, None)) == 29
    assert code(invalid_list(bench, "x")) == 11
    assert code(invalid_list(bench, bench.token(listener="push-international"))) == 11
    assert code(invalid_list(bench, bench.token(), "POST")) == 12
    assert code(invalid_list(bench, None, "GET", ("auth_token", bench.token()))) == 0
    assert code(bench.auth(listener="feedback")) == 0


def tags(bench: Bench, document: Any, name: str = "subscribe_tags") -> Act:
    given = {"auth_token": bench.token(), **document} if isinstance(document, dict) else document
    header = ("content-type", "application/json")
    return bench.serve(Seen("POST", f"/server/v1/device/{name}", (header,), json.dumps(given).encode()), "devices")


def test_tags_are_bound_and_found(bench: Bench) -> None:
    assert code(tags(bench, {"registration_id": LIVE, "tags": ["a", "b"]})) == 0
    assert code(tags(bench, {"registration_id": token_of("slow"), "tags": "a,c"})) == 0
    reached = {
        '{"or":["a"]}': "reached: 2.",
        '{"or":["a","b"],"and":["b"]}': "reached: 1.",
        '{"and":["a","b"]}': "reached: 1.",
        '{"or":["a"],"not":["c"]}': "reached: 1.",
        '{"or":["d"]}': "reached: 0.",
    }
    for expression, said in reached.items():
        assert said in bench.broadcast(expression, kind=6).note, expression
    tags(bench, {"registration_id": LIVE, "tags": ["a"]}, "unsubscribe_tags")
    assert "reached: 1." in bench.broadcast('{"or":["a"]}', kind=6).note


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"registration_id": DEAD, "tags": ["a"]}, 10000),
        ({"registration_id": LIVE}, 40),
        ({"registration_id": LIVE, "tags": []}, 40),
        ({"registration_id": LIVE, "tags": {"a": 1}}, 41),
        ({"tags": ["a"]}, 40),
        ({"auth_token": "x"}, 11),
        ([], 29),
    ],
)
def test_tags_that_are_none(bench: Bench, document: Any, expected: int) -> None:
    assert code(tags(bench, document)) == expected


# --- pictures --------------------------------------------------------------------------------------------------------


def upload(bench: Bench, file: bytes | None, kind: str = "big_picture", **fields: str) -> Act:
    parts = {"auth_token": bench.token(), "picture_ttl": "86400", **fields}
    lines = [f'--b\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in parts.items()]
    if file is not None:
        head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        lines.append(head + file + b"\r\n")
    header = ("content-type", "multipart/form-data; boundary=b")
    body = b"".join([*lines, b"--b--\r\n"])
    return bench.serve(Seen("POST", f"/server/v1/media/upload/{kind}", (header,), body), "media")


def test_picture_that_was_uploaded_can_be_sent(bench: Bench) -> None:
    big = told(upload(bench, PNG + b"x"))["data"]["big_picture_id"]
    small = told(upload(bench, JPEG, "small_picture"))["data"]["small_picture_id"]
    assert len(big) == len(small) == 24
    act = bench.unicast(small_picture_id=small)
    assert code(act) == 0
    assert "small_picture_id" not in act.note
    assert code(bench.broadcast(LIVE, style=3, big_picture_id=big, small_picture_id=small)) == 0


@pytest.mark.parametrize(
    ("file", "kind", "fields", "expected"),
    [
        (None, "big_picture", {}, 40),
        (b"GIF89a", "big_picture", {}, 51),
        (PNG + bytes(50 << 10), "small_picture", {}, 51),
        (PNG + bytes(50 << 10), "big_picture", {}, 0),
        (PNG + bytes(1 << 20), "big_picture", {}, 51),
        (PNG, "big_picture", {"picture_ttl": ""}, 41),
        (PNG, "big_picture", {"auth_token": ""}, 29),
    ],
)
def test_picture_that_is_refused(bench: Bench, file: Any, kind: str, fields: dict[str, str], expected: int) -> None:
    assert code(upload(bench, file, kind, **fields)) == expected


def test_upload_that_is_no_multipart_body_has_no_token(bench: Bench) -> None:
    assert code(bench.serve(Seen("POST", "/server/v1/media/upload/big_picture", (FORM,), b"x"), "media")) == 29
