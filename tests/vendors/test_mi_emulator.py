"""The emulated Mi Push as a pure machine: who is asking, what a message must be, and what becomes of its targets."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mi_emulator_bench import LIVE, PACKAGE, SEND, Bench, Value, encoded, order, told

from pushctl.core.emulated import Seen
from pushctl.sandbox import forge
from pushctl.vendors.mi.emulator import EMULATOR
from pushctl.vendors.mi.emulator_credentials import CLASSIFIED, OTHER, OWN, POPULAR, PRIVATE_CHANNEL
from pushctl.vendors.mi.emulator_handsets import token_of

PRIVATE = {"extra.channel_id": PRIVATE_CHANNEL}
IN_2027 = 1_798_740_000.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forge.ensure(tmp_path_factory.mktemp("mi"), [EMULATOR]).credentials("mi")


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(folder)


@pytest.fixture
def lenient(folder: Path) -> Bench:
    return Bench(folder, strict=False)


# --- who is asking ---------------------------------------------------------------------------------------------------


def test_app_secret_is_base64_of_16_bytes_with_signs_that_a_form_would_spoil(bench: Bench) -> None:
    secret = bench.secret()
    assert len(secret) == 24
    assert secret.endswith("==")
    assert {"+", "/"} <= set(secret)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("key={secret}", None),
        ("Key={secret}", "21301"),
        ("KEY={secret}", "21301"),
        ("key ={secret}", "21301"),
        ("key= {secret}", "21301"),
        ("{secret}", "21301"),
        ("Bearer {secret}", "21301"),
        ("key=", "21301"),
        ("key=guess+/==", "21301"),
        ("key={quoted}", "21301"),
        (f"key={OWN.app_key}", "21301"),
        (f"key={OWN.app_id}", "21301"),
        ("key=é", "21301"),
        ("", "21305"),
        (None, "21305"),
    ],
)
def test_only_key_and_the_secret_as_it_is_are_taken(bench: Bench, written: str | None, code: str | None) -> None:
    secret = bench.secret()
    header = None if written is None else written.format(secret=secret, quoted=quote_plus(secret))
    act = bench.send(authorization=header)
    assert act.code == code
    assert told(act)["result"] == ("ok" if code is None else "error")


def test_wrong_secret_is_refused_in_xiaomis_words(bench: Bench) -> None:
    document = told(bench.send(authorization="key=guess"))
    assert (document["reason"], document["description"]) == ("Invalid application secret.", "认证失败")


def test_journal_says_what_stands_in_place_of_the_secret(bench: Bench) -> None:
    assert "AppKey" in bench.send(authorization=f"key={OWN.app_key}").note
    assert "AppId" in bench.send(authorization=f"key={OWN.app_id}").note


def test_first_of_two_authorization_headers_counts(bench: Bench) -> None:
    headers = (("authorization", f"key={bench.secret()}"), ("authorization", "key=guess"))
    form = ("content-type", "application/x-www-form-urlencoded")
    seen = Seen("POST", SEND, (*headers, form, form), encoded(order()).encode())
    assert EMULATOR.serve(seen, bench.peers["api"], bench.world).code is None


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v2/message/regid", None),
        ("/v3/message/regid", None),
        ("/v4/message/regid", None),
        ("/v5/message/regid", "10020"),
        ("/v3/message/user_account", "10020"),
        ("/v1/feedback/fetch_invalid_regids", "10020"),
        ("/v1/channel/list", "10020"),
        ("/", "10020"),
    ],
)
def test_path_decides_what_is_served(bench: Bench, path: str, code: str | None) -> None:
    assert bench.send(path=path).code == code


def test_method_is_checked(bench: Bench) -> None:
    assert bench.get(SEND).code == "10021"
    assert bench.post("/v1/trace/quota/get").code == "10021"
    assert bench.serve("PUT", SEND).code == "10021"


def test_hosts_of_the_overseas_service_answer_with_a_note(bench: Bench) -> None:
    assert "2024-04-02" in bench.send(listener="overseas").note


# --- the form --------------------------------------------------------------------------------------------------------


def test_body_that_is_no_form_is_refused(bench: Bench) -> None:
    for kind in (("content-type", "application/json"), None):
        act = bench.serve("POST", SEND, b"{}", kind=kind)
        assert (act.code, act.rule) == ("10007", "content-type")


def test_content_type_may_have_a_charset_and_any_letter_case(bench: Bench) -> None:
    kind = ("content-type", "Application/X-WWW-Form-Urlencoded; charset=utf-8")
    assert bench.send(kind=kind).code is None


def test_empty_and_repeated_fields_do_no_harm(bench: Bench) -> None:
    body = f"title=&&{encoded(order())}&title=&description&restricted_package_name=&payload="
    assert bench.serve("POST", SEND, body.encode()).code is None
    assert bench.send(order(restricted_package_name=[PACKAGE, PACKAGE])).code is None


@pytest.mark.parametrize("path", [SEND, "/v2/message/regid"])
def test_regids_come_repeated_or_with_commas(bench: Bench, path: str) -> None:
    others = [token_of("offline"), token_of("slow")]
    for regids in ([LIVE, *others], ",".join([LIVE, *others]), [f"{LIVE},{others[0]}", others[1], ""]):
        document = told(bench.send(order(registration_id=regids), path))
        assert document["info"] == "Received push messages for 3 REGID"


def test_raw_plus_in_a_form_is_a_blank_and_the_regid_unknown(bench: Bench) -> None:
    assert "+" in LIVE
    body = encoded(order(registration_id=None)) + f"&registration_id={LIVE}"
    act = bench.serve("POST", SEND, body.encode())
    assert (act.code, told(act)["reason"]) == ("20301", "No valid targets!")
    assert "%2B" in act.note


def test_fields_that_mi_push_does_not_have_are_ignored_with_a_note(bench: Bench) -> None:
    act = bench.send(order(channel_id="1"))
    assert act.code is None
    assert "channel_id" in act.note


# --- answers ---------------------------------------------------------------------------------------------------------


def test_acceptance_has_the_shape_that_was_seen(bench: Bench) -> None:
    document = told(bench.send())
    assert list(document) == ["result", "trace_id", "code", "data", "description", "info"]
    assert document["data"] == {"id": document["data"]["id"], "day_quota": "20000", "day_acked": "0"}
    assert document["info"] == "Received push messages for 1 REGID"


def test_refusal_has_the_shape_that_was_seen(bench: Bench) -> None:
    document = told(bench.send(order(registration_id=token_of("token-dead"))))
    assert list(document) == ["result", "reason", "trace_id", "code", "description"]
    assert document == {
        "result": "error", "reason": "No valid targets!", "trace_id": document["trace_id"], "code": 20301,
        "description": "发送消息失败",
    }  # fmt: skip


def test_ids_have_the_time_in_them(bench: Bench) -> None:
    bench.now = 1519827468.580
    document = told(bench.send())
    name = document["data"]["id"]
    assert (len(name), name[0], name[8:20]) == (22, "s", "519827468580")
    assert document["trace_id"][8:20] == "519827468580"


def test_ids_of_the_same_moment_differ(bench: Bench) -> None:
    assert len({told(bench.send(order() | PRIVATE))["data"]["id"] for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("path", "fields", "letter", "info"),
    [
        ("/v2/message/alias", {"alias": ["a", "b,c"]}, "a", "Received push messages for 3 ALIAS"),
        ("/v3/message/alias", {"alias": "a"}, "a", "Received push messages for 1 ALIAS"),
        ("/v2/message/user_account", {"user_account": "a,b"}, "u", "Received push messages for 2 USER_ACCOUNT"),
        ("/v2/message/topic", {"topic": "news"}, "t", "Received push messages for 1 TOPIC"),
        ("/v3/message/topic", {"topic": "news"}, "t", "Received push messages for 1 TOPIC"),
        (
            "/v3/message/multi_topic",
            {"topics": "a;$;b;$;c", "topic_op": "UNION"},
            "t",
            "Received push messages for 3 TOPIC",
        ),
        ("/v2/message/all", {}, "t", None),
        ("/v3/message/all", {}, "t", None),
    ],
)
def test_every_kind_of_target_is_taken(
    bench: Bench, path: str, fields: dict[str, Value], letter: str, info: str | None
) -> None:
    document = told(bench.send({**order(registration_id=None), **fields}, path))
    assert (document["data"]["id"][0], document.get("info")) == (letter, info)


# --- packages and targets --------------------------------------------------------------------------------------------


def test_package_is_one_of_the_apps(bench: Bench) -> None:
    act = bench.send(order(restricted_package_name="com.example.unknown"))
    assert (act.code, told(act)["reason"], told(act)["description"]) == ("10017", "Invalid package name.", "参数值非法")
    assert bench.send(order(restricted_package_name=OTHER.packages[0])).code == "22022"
    assert bench.send(order(restricted_package_name=OWN.packages[1])).code is None


def test_several_packages_are_for_v3(bench: Bench) -> None:
    both = order(restricted_package_name=",".join(OWN.packages))
    assert bench.send(both).code is None
    assert bench.send(both, "/v2/message/regid").code == "10017"
    assert bench.send(order(restricted_package_name=f"{PACKAGE},com.example.unknown")).code == "10017"


def test_package_is_wanted_where_the_world_is_strict(bench: Bench, lenient: Bench) -> None:
    for without in (None, "", " , "):
        assert bench.send(order(restricted_package_name=without)).code == "10016"
        assert "let pass" in lenient.send(order(restricted_package_name=without)).note


def test_package_of_the_profile_that_runs_against_it_is_the_apps_own(folder: Path) -> None:
    bench = Bench(folder, app={"package_name": "com.acme.shop"})
    assert bench.send(order(restricted_package_name="com.acme.shop")).code is None


def test_regids_of_an_app_are_foreign_to_another_one(bench: Bench) -> None:
    act = bench.send(order(restricted_package_name=OTHER.packages[0]), authorization=f"key={bench.secret('other')}")
    assert act.code == "20301"


@pytest.mark.parametrize(
    ("path", "fields", "code"),
    [
        (SEND, {}, "10016"),
        (SEND, {"registration_id": " , "}, "10016"),
        ("/v2/message/alias", {}, "65012"),
        ("/v2/message/user_account", {}, "65016"),
        ("/v2/message/topic", {"topic": " "}, "65013"),
        ("/v2/message/multi_topic", {"topic_op": "UNION"}, "65013"),
        ("/v2/message/multi_topic", {"topics": "a", "topic_op": "UNION"}, "10017"),
        ("/v2/message/multi_topic", {"topics": "a;$;b"}, "10017"),
        ("/v2/message/multi_topic", {"topics": "a;$;b", "topic_op": "AND"}, "10017"),
        ("/v2/message/multi_topic", {"topics": ";$;".join("abcdef"), "topic_op": "UNION"}, "65035"),
        (SEND, {"registration_id": ",".join(map(str, range(1001)))}, "10017"),
        ("/v2/message/alias", {"alias": "nobody-1,nobody-2"}, "20301"),
        ("/v2/message/user_account", {"user_account": "Nobody"}, "20301"),
        ("/v2/message/alias", {"alias": "token-dead"}, "20301"),
    ],
)
def test_targets_that_are_none(bench: Bench, path: str, fields: dict[str, Value], code: str) -> None:
    assert bench.send({**order(registration_id=None), **fields}, path).code == code


def test_thousand_targets_are_taken(bench: Bench) -> None:
    act = bench.send(order(registration_id=[LIVE, *map(str, range(999))]))
    assert act.code == "data.bad_regids"


def test_unusable_regids_are_listed_and_the_others_taken(bench: Bench) -> None:
    act = bench.send(order(registration_id=[token_of("token-dead"), LIVE, "never-given-out"]))
    document = told(act)
    assert (document["code"], act.code) == (0, "data.bad_regids")
    assert document["data"]["bad_regids"] == f"{token_of('token-dead')},never-given-out"
    assert document["info"] == "Received push messages for 1 REGID"


def test_phone_is_an_alias_away_too(bench: Bench) -> None:
    act = bench.send(order(registration_id=None, alias="rate"), "/v2/message/alias")
    assert act.code == "200002"


def test_handsets_have_regids_of_the_known_form() -> None:
    handsets = EMULATOR.handsets("production")
    assert len({handset.token for handset in handsets}) == len(handsets)
    for handset in handsets:
        assert len(handset.token) == 64
        assert {"+", "/"} <= set(handset.token)
        assert not set(":-_,=") & set(handset.token)


# --- the message -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"pass_through": 0, "notify_type": -1, "notify_id": 7, "time_to_live": 3_600_000, "payload": "x" * 4095},
        {"title": "长" * 49, "description": "长" * 127, "notify_type": 0},
        {"extra__notify_effect": "2", "extra__intent_uri": "intent:#Intent;component=a/.B;end"},
        {"extra__notify_effect": "2", "extra__class_name": "a.B"},
        {"extra__notify_effect": "3", "extra__web_uri": "https://example.com/a"},
        {"extra__notify_foreground": "0", "extra__sound_uri": "android.resource://a/raw/b", "extra__badge": "3"},
        {"extra__callback": "http://example.com/cb", "extra__callback__param": "p" * 64, "extra__callback__type": 243},
        {"extra__callback__type": 1024 + 128 + 64 + 32 + 16 + 2 + 1},
        {"extra__flow_control": "1"},
        {"extra__flow_control": "3000", "extra__only_send_once": "1", "extra__connpt": "wifi"},
        {"extra__jobkey": "a-1_b", "extra__locale": "zh_CN,en_US", "extra__model_not_in": "0-999"},
        {"extra__notification_style_type": "2", "extra__notification_bigPic_uri": "https://example.com/a.png"},
        {"extra__notification_style_button_left_name": "a", "extra__notification_style_button_mid_notify_effect": "1"},
        {f"extra__own{number}": "v" for number in range(10)},
    ],
)
def test_right_message_is_taken_without_a_word(bench: Bench, fields: dict[str, Value]) -> None:
    act = bench.send(order(**fields))
    assert (act.code, act.note) == (None, "")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": None}, "65011"),
        ({"title": " "}, "65011"),
        ({"description": ""}, "65011"),
        ({"title": "长" * 50}, "65009"),
        ({"description": "x" * 128}, "65009"),
        ({"payload": "x" * 4096}, "65009"),
        ({"pass_through": 2}, "10017"),
        ({"pass_through": 1}, "10016"),
        ({"pass_through": 1, "payload": " "}, "10016"),
        ({"notify_type": 8}, "10017"),
        ({"notify_type": "all"}, "10017"),
        ({"notify_type": "1.0"}, "10017"),
        ({"notify_type": "٣"}, "10017"),
        ({"notify_id": 2**31}, "22103"),
        ({"time_to_live": "1h"}, "10017"),
        ({"time_to_live": -1}, "10017"),
        ({"time_to_send": "soon"}, "10017"),
        ({f"extra__own{number}": "v" for number in range(11)}, "65014"),
        ({"extra__own": "v" * 1022}, "65015"),
        ({"extra__callback": "example.com/cb"}, "65038"),
        ({"extra__callback": "http://[x"}, "65038"),
        ({"extra__callback__param": "长" * 22}, "65036"),
        ({"extra__callback__type": 246}, "10017"),
        ({"extra__callback__type": 0}, "10017"),
        ({"extra__callback__type": "all"}, "10017"),
        ({"extra__notify_effect": "4"}, "10017"),
        ({"extra__notify_effect": "2"}, "10016"),
        ({"extra__notify_effect": "3"}, "10016"),
        ({"extra__notify_effect": "3", "extra__web_uri": "ftp://example.com"}, "10017"),
        ({"extra__notify_foreground": "true"}, "10017"),
        ({"extra__flow_control": "999"}, "10017"),
        ({"extra__connpt": "4g"}, "10017"),
        ({"extra__jobkey": "_a"}, "10017"),
        ({"extra__jobkey": "a" * 21}, "10017"),
    ],
)
def test_wrong_message_is_refused(bench: Bench, fields: dict[str, Value], code: str) -> None:
    act = bench.send(order(**fields))
    told(act)
    assert act.code == code


def test_refusals_that_were_seen_are_in_xiaomis_words(bench: Bench) -> None:
    assert told(bench.send(order(title=None)))["reason"] == "Title or Description is empty!"
    silent = told(bench.send(order(pass_through=1)))
    assert (silent["reason"], silent["description"]) == ("payload参数不能为空", "缺失必选参数")


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "长" * 50},
        {"extra__notify_effect": "9"},
        {"extra__notify_effect": "3"},
        {"extra__callback__type": 246},
        {"extra__jobkey": "_a"},
    ],
)
def test_what_nothing_proves_is_let_pass_where_the_world_is_lenient(lenient: Bench, fields: dict[str, Value]) -> None:
    act = lenient.send(order(**fields))
    assert act.code is None
    assert "let pass" in act.note


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"pass_through": 1, "payload": "{}", "title": None, "description": None}, "2022-09-12"),
        ({"extra__notify_effect": None}, "2024-09-30"),
        ({"title": "This is a Test"}, "withheld"),
        ({"description": "测试一下"}, "withheld"),
        ({"extra__jobkey": "a" * 13}, "jobkey"),
        ({"time_to_live": 86_400_001}, "1 day"),
        ({"extra__template_id": "P10002"}, ""),
    ],
)
def test_message_is_taken_and_the_journal_tells_what_the_answer_does_not(
    bench: Bench, fields: dict[str, Value], said: str
) -> None:
    act = bench.send(order(**fields))
    assert act.code is None
    assert said in act.note


def test_second_message_of_a_jobkey_is_not_shown(bench: Bench) -> None:
    keyed = order(extra__jobkey="job")
    assert bench.send(keyed).note == ""
    assert "jobkey" in bench.send(keyed).note


# --- classes, amounts, rates -----------------------------------------------------------------------------------------


def test_default_class_is_one_a_day_and_device_and_then_dropped(bench: Bench) -> None:
    plain = order(extra__channel_id=None)
    first, second = bench.send(plain), bench.send(plain)
    assert (first.code, second.code) == (None, None)
    assert "default class" in first.note
    assert "dropped" not in first.note
    assert "dropped" in second.note
    assert told(second)["data"]["day_quota"] == "10000"
    assert "dropped" not in bench.send({**plain, "registration_id": token_of("slow")}).note
    bench.now += 86400
    assert "dropped" not in bench.send(plain).note


def test_channel_that_is_none_is_the_default_class(bench: Bench) -> None:
    act = bench.send(order(extra__channel_id="999"))
    assert act.code is None
    assert "default class" in act.note


def test_unknown_channel_and_template_of_a_profile_are_taken_for_its_own(folder: Path) -> None:
    bench = Bench(folder, app={"package_name": PACKAGE})
    act = bench.send(order(extra__channel_id="999", extra__template_id="P77"))
    assert act.code is None
    assert "this channel" in act.note
    assert "this template" in act.note


def test_public_messages_are_five_a_day_and_device(bench: Bench) -> None:
    notes = [bench.send().note for _ in range(6)]
    assert notes[:5] == [""] * 5
    assert "5 public messages" in notes[5]


def test_private_messages_have_no_limit_and_no_amount(bench: Bench) -> None:
    act = [bench.send(order() | PRIVATE) for _ in range(20)][-1]
    assert "dropped" not in act.note
    assert told(act)["data"].keys() == {"id"}


def test_only_what_was_delivered_counts(bench: Bench) -> None:
    assert [told(bench.send())["data"]["day_acked"] for _ in range(8)] == ["0", "1", "2", "3", "4", "5", "5", "5"]


def test_app_that_has_gone_over_needs_a_new_channel(bench: Bench) -> None:
    secret = f"key={bench.secret('classified')}"
    for channel in (None, "999", "108000"):
        fields = order(restricted_package_name=CLASSIFIED.packages[0], extra__channel_id=channel)
        act = bench.send(fields, authorization=secret)
        assert (act.code, told(act)["reason"]) == ("27001", "invalid channel info!")
    assert bench.send(order(restricted_package_name=CLASSIFIED.packages[0]), authorization=secret).code is None


def test_private_message_without_a_template_is_taken_until_the_end_of_2026(bench: Bench) -> None:
    bench.now = IN_2027 - 86400 * 30
    assert "from 2027" in bench.send(order() | PRIVATE).note
    bench.now = IN_2027
    assert bench.send(order() | PRIVATE).code == "27001"


def test_new_classification_needs_a_template_at_once(bench: Bench) -> None:
    fields = order(restricted_package_name=CLASSIFIED.packages[0]) | PRIVATE
    secret = f"key={bench.secret('classified')}"
    assert bench.send(fields, authorization=secret).code == "27001"
    good = {"extra.template_id": "P10001", "extra.template_param": '{"keywords1":"SF123"}'}
    assert bench.send(fields | good, authorization=secret).code is None


@pytest.mark.parametrize(
    ("name", "values", "code"),
    [
        ("P10001", '{"keywords1":"SF123"}', None),
        ("P10002", "{}", None),
        ("P10002", None, None),
        ("P10003", '{"name":"小红","time":"9:00"}', None),
        ("P404", "{}", "27001"),
        ("P10001", None, "27001"),
        ("P10001", "{}", "27001"),
        ("P10001", '{"keywords1":"a","keywords2":"b"}', "27001"),
        ("P10001", "keywords1", "27001"),
        ("P10001", '["a"]', "27001"),
        ("P10001", "[" * 50_000, "27001"),
        ("P10001", '{"keywords1":7}', "27001"),
        ("P10001", '{"keywords1":" "}', "27001"),
        ("P10001", '{"keywords1":"' + "x" * 129 + '"}', "27001"),
        ("P10001", '{"keywords1":"📦"}', "27001"),
        ("P10001", '{"keywords1":"\\u0378"}', "27001"),
    ],
)
def test_template_gets_its_variables_and_no_other(
    bench: Bench, name: str, values: str | None, code: str | None
) -> None:
    act = bench.send(order(extra__template_id=name, extra__template_param=values) | PRIVATE)
    assert act.code == code
    if code is not None:
        assert "unproved" in act.note


def test_days_amount_is_said_with_its_numbers(bench: Bench) -> None:
    fields = order(restricted_package_name=POPULAR.packages[0])
    secret = f"key={bench.secret('popular')}"
    act = bench.send(fields, authorization=secret)
    assert (act.code, told(act)["reason"]) == ("200001", "exceed quota, quota: 20000, have acked: 20000")
    act = bench.send(fields | {"extra.channel_id": None}, authorization=secret)
    assert told(act)["reason"] == "exceed quota, quota: 10000, have acked: 10000"
    assert bench.send(fields | PRIVATE, authorization=secret).code is None


def test_five_hundred_requests_a_second_and_no_more(bench: Bench) -> None:
    bench.now = float(int(bench.now))
    codes = {bench.send(order() | PRIVATE).code for _ in range(500)}
    assert codes == {None}
    assert bench.send(order() | PRIVATE).code == "200002"
    bench.now += 1
    assert bench.send(order() | PRIVATE).code is None


names = st.sampled_from(
    [
        "registration_id", "restricted_package_name", "title", "description", "payload", "pass_through", "notify_type",
        "notify_id", "time_to_live", "time_to_send", "extra.channel_id", "extra.template_id", "extra.template_param",
        "extra.notify_effect", "extra.callback", "extra.callback.type", "extra.jobkey", "extra.web_uri", "messages",
        "msg_id", "job_key", "topic", "topics", "start_date", "end_date", "begin_time", "end_time", "job_id",
    ]
)  # fmt: skip
values = st.text(max_size=12) | st.integers().map(str) | st.sampled_from([LIVE, PACKAGE, "{}", "[]", "1"])


@given(st.lists(st.tuples(names, values), max_size=8), st.booleans())
def test_no_form_is_too_odd(folder: Path, pairs: list[tuple[str, str]], strict: bool) -> None:
    body = urlencode({**order(), **dict(pairs)}, errors="replace")
    bench = Bench(folder, strict=strict)
    told(bench.serve("POST", SEND, body.encode()))


@given(st.binary(max_size=80), st.text(max_size=20))
def test_no_request_is_too_odd(folder: Path, content: bytes, path: str) -> None:
    bench = Bench(folder)
    for where in (SEND, "/v2/multi_messages/regids", "/v2/topic/subscribe", f"/{path}"):
        assert bench.serve("POST", where, content).code
