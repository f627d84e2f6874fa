"""The emulated Mi Push besides one message to many: a message for each, questions, topics, schedules, recall."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mi_emulator_bench import LIVE, PACKAGE, Bench, Value, order, told

from pushctl.core.emulated import Act
from pushctl.sandbox import forge
from pushctl.vendors.mi.emulator import _GET, _POST, EMULATOR
from pushctl.vendors.mi.emulator_credentials import OWN, POPULAR, PRIVATE_CHANNEL, PUBLIC_CHANNEL
from pushctl.vendors.mi.emulator_handsets import token_of

DAY = 86400
ON_THE_LAST_DAY = 1_796_054_399.0  # 2026-11-30 23:59:59 in China
STATUS, STATUSES = "/v1/trace/message/status", "/v1/trace/messages/status"
EACH = "/v2/multi_messages/regids"
OF_APP = {"restricted_package_name": PACKAGE}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("mi-asks"), [EMULATOR]).credentials("mi")


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(folder)


def data(act: Act) -> Any:
    return told(act)["data"]


# --- a message for each ----------------------------------------------------------------------------------------------


def entry(target: str = LIVE, **extra: Any) -> dict[str, Any]:
    """One of ``messages``; None leaves an extra out."""
    extras = {"notify_effect": "1", "channel_id": PUBLIC_CHANNEL, **extra}
    message = {"restricted_package_name": PACKAGE, "title": "Order", "description": "Shipped", "notify_id": 3}
    return {
        "target": target,
        "message": {**message, "extra": {name: value for name, value in extras.items() if value is not None}},
    }


def each(bench: Bench, *entries: Any, path: str = EACH, **fields: Value) -> Act:
    return bench.post(path, messages=json.dumps(entries), time_to_send=0, **fields)


def test_each_target_gets_its_own_message(bench: Bench) -> None:
    document = told(each(bench, entry(), entry(token_of("slow"))))
    assert document["info"] == "Received push messages for 2 REGID"
    assert document["data"].keys() == {"id"}


@pytest.mark.parametrize(("path", "word"), [("aliases", "ALIAS"), ("user_accounts", "USER_ACCOUNT")])
def test_aliases_and_accounts_have_a_message_each_too(bench: Bench, path: str, word: str) -> None:
    document = told(each(bench, entry("a"), entry("nobody"), path=f"/v2/multi_messages/{path}"))
    assert document["info"] == f"Received push messages for 1 {word}"
    assert each(bench, entry("nobody"), path=f"/v2/multi_messages/{path}").code == "20301"


def test_unusable_targets_of_messages_are_listed(bench: Bench) -> None:
    act = each(bench, entry(), entry(token_of("token-dead")))
    assert (act.code, data(act)["bad_regids"]) == ("data.bad_regids", token_of("token-dead"))
    assert each(bench, entry("gone")).code == "20301"


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (None, "10016"),
        ("", "10016"),
        ("{}", "22100"),
        ("[]", "22100"),
        ("[" * 50_000, "22100"),
        ('[{"target":"x"}]', "22100"),
        ('[{"message":{}}]', "22100"),
        ('[{"target":7,"message":{}}]', "22100"),
        ('[{"target":"x","message":{"title":["a"]}}]', "22100"),
        ('[{"target":"x","message":{"extra":"a"}}]', "22100"),
        (json.dumps([entry()] * 1001), "10017"),
        (json.dumps([{"target": LIVE, "message": {**OF_APP, "title": "a"}}]), "65011"),
        (json.dumps([{"target": LIVE, "message": {"title": "a", "description": "b"}}]), "10016"),
        (json.dumps([entry(), entry(jobkey="_")]), "10017"),
        (json.dumps([{"target": LIVE, "message": {**OF_APP, "title": "\ud800", "description": "b"}}]), None),
    ],
)
def test_messages_that_are_none(bench: Bench, messages: str | None, code: str | None) -> None:
    assert bench.post(EACH, messages=messages).code == code


def test_over_the_days_amount_each_channel_is_counted_and_the_answer_is_ok(bench: Bench) -> None:
    of_popular = [
        {**row, "message": {**row["message"], "restricted_package_name": POPULAR.packages[0]}}
        for row in (
            entry(channel_id=None),
            entry(channel_id=None),
            *[entry()] * 3,
            entry(channel_id=PRIVATE_CHANNEL),
        )
    ]
    act = bench.send({"messages": json.dumps(of_popular)}, EACH, authorization=f"key={bench.secret('popular')}")
    assert act.code is None
    assert data(act)["channel_exceed_quota"] == f"no_channel:2 {PUBLIC_CHANNEL}:3"


def test_scenario_of_the_amount_has_no_code_there(folder: Path) -> None:
    for bench, target in ((Bench(folder, scenario="quota"), LIVE), (Bench(folder), token_of("quota"))):
        act = each(bench, entry(target))
        assert (act.code, data(act)["channel_exceed_quota"]) == (None, f"{PUBLIC_CHANNEL}:1")


# --- what became of a message ----------------------------------------------------------------------------------------


def status(bench: Bench, **query: Value) -> Any:
    return data(bench.get(STATUS, **query))["data"]


def test_status_of_a_message_has_the_fields_that_were_seen(bench: Bench) -> None:
    bench.now = 1519827468.580
    name = data(bench.send(order(time_to_live=1_209_600)))["id"]
    bench.now += 60
    assert status(bench, msg_id=name) == {
        "create_time": "2018-02-28 22:17:48", "invalid_target": 0, "raw_counter": 0, "click_rate": "0%",
        "delivered": 1, "click": 0, "bar_closed": 0, "device_condition_unmatch": 0,
        "create_timestamp": 1519827468580, "time_to_live": "1209s", "msg_type": "Common", "delivery_rate": "100%",
        "id": name, "resolved": 1, "app_not_register": 0,
    }  # fmt: skip


def test_right_after_sending_there_is_nothing_to_read(bench: Bench) -> None:
    name = data(bench.send())["id"]
    assert status(bench, msg_id=name)["resolved"] == 0
    bench.now += 5
    assert status(bench, msg_id=name)["resolved"] == 1


@pytest.mark.parametrize(
    ("scenario", "field"),
    [("notifications-off", "bar_closed"), ("offline", ""), ("filtered", "device_condition_unmatch")],
)
@pytest.mark.parametrize("whole_run", [True, False])
def test_status_tells_what_the_answer_did_not(folder: Path, scenario: str, field: str, whole_run: bool) -> None:
    bench = Bench(folder, scenario=scenario if whole_run else None)
    target = LIVE if whole_run else token_of(scenario)
    name = data(bench.send(order(registration_id=target)))["id"]
    bench.now += 60
    found = status(bench, msg_id=name)
    assert (found["resolved"], found["delivered"]) == (1, 0)
    assert [each for each in ("bar_closed", "device_condition_unmatch") if found[each]] == ([field] if field else [])


def test_another_process_can_tell_too(folder: Path, bench: Bench) -> None:
    regids = [LIVE, token_of("offline"), token_of("notifications-off")]
    name = data(bench.send(order(registration_id=regids)))["id"]
    later = Bench(folder)
    later.now += 60
    found = status(later, msg_id=name)
    assert (found["resolved"], found["delivered"], found["delivery_rate"]) == (3, 1, "33%")


@pytest.mark.parametrize("name", ["scm51336519827468580b1", "x", "é" * 22, "sdm00100795714621307Bé"])
def test_message_of_somebody_else_is_not_found(bench: Bench, name: str) -> None:
    assert bench.get(STATUS, msg_id=name).code == "65028"


def test_status_wants_an_id_or_a_jobkey(bench: Bench) -> None:
    assert bench.get(STATUS).code == "10016"
    assert bench.get(STATUS, job_key="none").code == "65028"


def test_messages_of_a_jobkey_are_found(bench: Bench) -> None:
    names = [data(bench.send(order(extra__jobkey="spring")))["id"] for _ in range(2)]
    bench.send(order(extra__jobkey="autumn"))
    assert [row["id"] for row in status(bench, job_key="spring")] == names


def test_messages_of_a_span_are_found(bench: Bench) -> None:
    begin = int(bench.now * 1000)
    name = data(bench.send())["id"]
    found = data(bench.get(STATUSES, begin_time=begin, end_time=begin + 1000))["data"]
    assert [row["id"] for row in found] == [name]
    assert data(bench.get(STATUSES, begin_time=begin - 9000, end_time=begin - 1)) == {"data": []}
    assert bench.get(STATUSES, begin_time=2, end_time=1).code == "10017"
    assert bench.get(STATUSES, begin_time="yesterday").code == "10017"


# --- amounts and counters --------------------------------------------------------------------------------------------


def test_days_amount_can_be_asked_once_a_second(bench: Bench) -> None:
    bench.send()
    assert data(bench.get("/v1/trace/quota/get")) == {"day_quota": "20000", "day_acked": "1"}
    assert bench.get("/v1/trace/quota/get").code == "10039"
    bench.now += 1
    assert bench.get("/v1/trace/quota/get").code is None


def test_scenario_of_the_amount_shows_when_it_is_asked(folder: Path) -> None:
    act = Bench(folder, scenario="quota").get("/v1/trace/quota/get")
    assert data(act) == {"day_quota": "20000", "day_acked": "20000"}


def test_counters_have_a_row_for_each_day(bench: Bench) -> None:
    bench.now = 1_796_000_000.0  # 2026-11-30 in China
    bench.send()
    span = {"start_date": "20261129", "end_date": "20261130", **OF_APP}
    rows = data(bench.get("/v1/stats/message/counters", **span))["data"]
    assert [(row["date"], row["received"]) for row in rows] == [("20261129", 0), ("20261130", 1)]
    assert rows[0].keys() == {
        "date", "regid_recipients", "alias_recipients", "useraccount_recipients", "broadcast_recipients",
        "single_recipients", "received", "click",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("span", "code"),
    [
        ({"start_date": "20261101", "end_date": "20261129"}, None),
        ({"start_date": "20261101", "end_date": "20261130"}, "10017"),
        ({"start_date": "20261102", "end_date": "20261101"}, "10017"),
        ({"start_date": "2026-11-01", "end_date": "20261101"}, "10017"),
        ({"start_date": "20261399", "end_date": "20261101"}, "10017"),
        ({}, "10017"),
    ],
)
def test_counters_want_fewer_than_30_days(bench: Bench, span: dict[str, Value], code: str | None) -> None:
    assert bench.get("/v1/stats/message/counters", **{**span, **OF_APP}).code == code


# --- what a regid has ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/v1/alias/all", "/v1/account/all"])
def test_phone_has_the_name_of_its_scenario(bench: Bench, path: str) -> None:
    assert data(bench.get(path, registration_id=LIVE, **OF_APP)) == {"list": ["live"]}
    assert data(bench.get(path, registration_id=token_of("rate"), **OF_APP)) == {"list": ["rate"]}


@pytest.mark.parametrize("path", ["/v1/alias/all", "/v1/account/all", "/v1/topic/all", "/v1/regid/presence"])
def test_regid_that_is_none_is_told(bench: Bench, path: str) -> None:
    assert bench.get(path, registration_id=token_of("token-dead"), **OF_APP).code == "20301"
    assert bench.get(path, registration_id="gone", **OF_APP).code == "20301"
    assert bench.get(path, **OF_APP).code == "10016"
    assert bench.get(path, registration_id=LIVE, restricted_package_name="com.example.unknown").code == "10017"


def test_presence_of_one_and_of_several(bench: Bench) -> None:
    assert data(bench.get("/v1/regid/presence", registration_id=LIVE, **OF_APP)) == {"status": "online"}
    regids = f"{LIVE},{token_of('offline')},gone"
    found = data(bench.get("/v2/regid/presence", registration_id=regids, **OF_APP))
    assert [row["status"] for row in found["list"]] == ["online", "offline"]
    assert found["bad_regids"] == "gone"
    assert bench.get("/v2/regid/presence", registration_id="gone", **OF_APP).code == "20301"
    assert bench.get("/v2/regid/presence", **OF_APP).code == "10016"


def test_validation_takes_repeated_fields(bench: Bench) -> None:
    act = bench.post("/v1/validation/regids", registration_ids=[LIVE, "gone"])
    assert data(act) == {"list": [LIVE], "bad_regids": "gone"}
    assert bench.post("/v1/validation/regids").code == "10016"


# --- topics, schedules, recall ---------------------------------------------------------------------------------------


def topics(bench: Bench, regid: str = LIVE) -> list[str]:
    return list(data(bench.get("/v1/topic/all", registration_id=regid, **OF_APP))["list"])


def test_topics_come_and_go(bench: Bench) -> None:
    document = told(bench.post("/v2/topic/subscribe", registration_id=LIVE, topic="news", category="a"))
    assert list(document) == ["result", "reason", "trace_id", "code", "description"]
    assert document["reason"] == "Success"
    bench.post("/v2/topic/subscribe/alias", aliases="live,nobody", topic="sports", **OF_APP)
    assert topics(bench) == ["news", "sports"]
    bench.post("/v2/topic/unsubscribe", registration_id=LIVE, topic="news")
    bench.post("/v2/topic/unsubscribe/alias", aliases="live", topic="sports")
    assert topics(bench) == []


def test_subscription_of_an_unusable_regid_passes(bench: Bench) -> None:
    act = bench.post("/v2/topic/subscribe", registration_id="gone", topic="news")
    assert (act.code, "not one of this app" in act.note) == (None, True)


def test_phone_has_thirty_topics_at_most(bench: Bench) -> None:
    codes = [bench.post("/v2/topic/subscribe", registration_id=LIVE, topic=f"t{number}").code for number in range(31)]
    assert codes == [None] * 30 + ["65035"]
    assert bench.post("/v2/topic/subscribe", registration_id=LIVE, topic="t0").code is None


@pytest.mark.parametrize(
    ("path", "fields", "code"),
    [
        ("/v2/topic/subscribe", {"registration_id": LIVE}, "65013"),
        ("/v2/topic/subscribe", {"topic": "a"}, "10016"),
        ("/v2/topic/subscribe/alias", {"topic": "a"}, "65012"),
        ("/v2/topic/subscribe", {"topic": "a", "registration_id": LIVE, "restricted_package_name": "x"}, "10017"),
        ("/v2/schedule_job/exist", {}, "10016"),
        ("/v2/schedule_job/exist", {"job_id": "x"}, "65028"),
        ("/v2/schedule_job/delete", {"job_id": "x"}, "65028"),
        ("/v3/schedule_job/delete", {}, "10016"),
        ("/v3/schedule_job/delete", {"jobkey": "x"}, "65028"),
    ],
)
def test_change_that_lacks_something(bench: Bench, path: str, fields: dict[str, Value], code: str) -> None:
    assert bench.post(path, **fields).code == code


def later(bench: Bench, days: float) -> dict[str, Value]:
    return order(time_to_send=int((bench.now + days * DAY) * 1000), extra__jobkey="spring")


def test_scheduled_message_exists_until_it_is_deleted(folder: Path, bench: Bench) -> None:
    job = data(bench.send(later(bench, 1)))["id"]
    assert Bench(folder).post("/v2/schedule_job/exist", job_id=job).code is None
    bench.now += 60
    assert status(bench, msg_id=job)["resolved"] == 0
    assert bench.post("/v2/schedule_job/delete", job_id=job).code is None
    assert bench.post("/v2/schedule_job/exist", job_id=job).code == "65028"
    sent = data(bench.send())["id"]
    assert bench.post("/v2/schedule_job/exist", job_id=sent).code == "65028"


@pytest.mark.parametrize("field", ["jobkey", "job_key"])
def test_scheduled_messages_are_deleted_by_jobkey(bench: Bench, field: str) -> None:
    job = data(bench.send(later(bench, 1)))["id"]
    assert bench.post("/v3/schedule_job/delete", **{field: "spring"}).code is None
    assert bench.post("/v2/schedule_job/exist", job_id=job).code == "65028"


def test_schedule_is_at_most_30_days_ahead(bench: Bench) -> None:
    assert bench.send(later(bench, 6)).note == ""
    assert "7 days" in bench.send(later(bench, 29)).note
    assert bench.send(later(bench, 31)).code == "10017"
    assert bench.send(order(time_to_send=int(bench.now * 1000) - 1)).code is None


@pytest.mark.parametrize(
    ("kind", "field", "empty"),
    [("regid", "registration_ids", "10016"), ("alias", "aliases", "65012"), ("user_account", "user_accounts", "65016")],
)
def test_recall_by_v3(bench: Bench, kind: str, field: str, empty: str) -> None:
    path = f"/v3/message/{kind}/revoke"
    bench.now = ON_THE_LAST_DAY + 30 * DAY
    assert told(bench.post(path, notify_id=7, **OF_APP, **{field: LIVE}))["code"] == 0
    both: dict[str, Value] = {"restricted_package_name": ",".join(OWN.packages), field: LIVE}
    assert bench.post(path, notify_id=7, **both).code is None
    assert bench.post(path, notify_id=7, **OF_APP).code == empty
    assert bench.post(path, notify_id=7, **{field: LIVE}).code == "10016"
    assert bench.post(path, notify_id="x", **OF_APP, **{field: LIVE}).code == "10017"


@pytest.mark.parametrize("path", ["/v1/message/regid/revoke", "/v1/message/topic/revoke", "/v2/message/revoke"])
def test_older_recalls_are_switched_off_on_the_first_of_december(bench: Bench, path: str) -> None:
    fields: dict[str, Value] = {"registration_ids": LIVE, "notify_id": 7, "msg_id": "x", **OF_APP}
    bench.now = ON_THE_LAST_DAY
    act = bench.post(path, **fields)
    assert (act.code, "2026-12-01" in act.note) == (None, True)
    both = ",".join(OWN.packages)
    assert bench.post(path, **fields | {"restricted_package_name": both}).code == "10017"
    bench.now += 1
    act = bench.post(path, **fields)
    assert (act.code, act.rule) == ("10020", "retired")


def test_recall_by_v3_is_for_three_kinds_only(bench: Bench) -> None:
    assert bench.post("/v3/message/topic/revoke", **OF_APP).code == "10020"


# --- whatever comes --------------------------------------------------------------------------------------------------

names = st.sampled_from(
    [
        "msg_id", "job_key", "job_id", "jobkey", "begin_time", "end_time", "start_date", "end_date", "registration_id",
        "registration_ids", "aliases", "topic", "notify_id", "messages", "restricted_package_name", "time_to_send",
    ]
)  # fmt: skip
values = st.text(max_size=12) | st.integers().map(str) | st.sampled_from([LIVE, PACKAGE, "20261101", "[]"])


@given(st.sampled_from([*_GET, *_POST]), st.dictionaries(names, values, max_size=5))
def test_no_question_is_too_odd(folder: Path, path: str, fields: dict[str, str]) -> None:
    bench = Bench(folder)
    form = urlencode({**OF_APP, **fields}, errors="replace")
    told(bench.serve("GET", f"{path}?{form}") if path in _GET else bench.serve("POST", path, form.encode()))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(json_values, json_values, json_values)
def test_no_message_for_each_is_too_odd(folder: Path, target: Any, message: Any, extra: Any) -> None:
    bench = Bench(folder)
    for entries in (target, [target], [{"target": target, "message": message}], [entry(LIVE, payload=message)]):
        told(bench.post(EACH, messages=json.dumps(entries)))
    told(bench.post(EACH, messages=json.dumps([{"target": LIVE, "message": {**OF_APP, "extra": extra}}])))
