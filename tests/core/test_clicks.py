"""What a tap does, in the words of the command line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.core.clicks import Click, class_of, click_of, intent_of
from pushctl.core.errors import UsageError

APP = {"package_name": "com.example.app"}


@pytest.mark.parametrize(
    ("text", "click"),
    [
        (None, Click("app")),
        ("app", Click("app")),
        ("url:https://example.com/a:b", Click("url", "https://example.com/a:b")),
        ("activity:.Detail", Click("activity", ".Detail")),
        ("intent:#Intent;action=a;end", Click("intent", "intent:#Intent;action=a;end")),
        ("intent://host/path#Intent;end", Click("intent", "intent://host/path#Intent;end")),
        ("intent:myapp://detail", Click("intent", "myapp://detail")),
    ],
)
def test_the_four_kinds_are_told_apart(text: str | None, click: Click) -> None:
    assert click_of(text) == click


@given(st.text().filter(lambda text: text != "app" and text.partition(":")[0] not in ("url", "activity", "intent")))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        click_of(text)
    assert (raised.value.rule, raised.value.where) == ("click", "--click")


@pytest.mark.parametrize("text", ["url:", "activity:", "intent:", "url", "App"])
def test_a_kind_without_its_value_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        click_of(text)


@pytest.mark.parametrize(
    ("name", "intent", "full"),
    [
        (".Detail", "component=com.example.app/.Detail", "com.example.app.Detail"),
        ("com.example.app.Detail", "component=com.example.app/com.example.app.Detail", "com.example.app.Detail"),
        ("com.other/.Detail", "component=com.other/.Detail", "com.other.Detail"),
        ("com.other/com.other.Detail", "component=com.other/com.other.Detail", "com.other.Detail"),
    ],
)
def test_an_activity_is_named_as_an_intent_and_as_a_class(name: str, intent: str, full: str) -> None:
    assert intent_of(name, APP) == f"intent:#Intent;{intent};end"
    assert class_of(name, APP) == full


def test_of_several_packages_the_first_has_the_activity() -> None:
    assert class_of(".Detail", {"package_name": "com.example.app,com.example.pad"}) == "com.example.app.Detail"


@pytest.mark.parametrize("made", [intent_of, class_of])
def test_an_activity_of_an_unknown_package_is_refused(made: object) -> None:
    with pytest.raises(UsageError) as raised:
        made(".Detail", {})  # type: ignore[operator]
    assert raised.value.rule == "click-package"
