"""Untrusted text on a screen: nothing in it moves the cursor, hides, or turns around."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.output.text import (
    clean,
    clean_code,
    clip,
    encodable,
    escape,
    guard_workflow_commands,
    is_unsafe,
    pad,
    plural,
    shorten,
    shorten_tokens,
    width,
    wrap,
)

NASTY = st.text(
    st.one_of(st.characters(), st.sampled_from("\x1b\x9b\x07[]31m;:\n\r\t\u202e\u200b\u2066\ufeff\u00ad字é"))
)


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;new title\x07shown", "shown"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b[2J\x1b[Hgone", "gone"),
        ("\x1b\x1b[m[31mnested", "[31mnested"),
        ("abc\u202egpj.exe", "abcgpj.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("two\nlines\r\nand\ta tab", "two lines and a tab"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("你好 wörld 👋", "你好 wörld 👋"),
        ("", ""),
    ],
)
def test_cleaning_keeps_what_can_be_read(dirty: str, expected: str) -> None:
    assert clean(dirty) == expected


@given(NASTY)
def test_clean_text_is_one_safe_line_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert not any(is_unsafe(c) for c in cleaned)
    assert "\n" not in cleaned
    assert clean(cleaned) == cleaned


@given(NASTY)
def test_code_keeps_its_lines_and_nothing_unsafe(text: str) -> None:
    cleaned = clean_code(text)
    assert not any(is_unsafe(c) for c in cleaned if c != "\n")
    assert cleaned.count("\n") == text.count("\n")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_code_that_is_json_still_says_the_same(text: str) -> None:
    document = json.dumps(text, ensure_ascii=False)
    assert json.loads(clean_code(document)) == text


@given(st.characters(exclude_categories=["Cs"]))
def test_an_escape_is_read_back_by_json(character: str) -> None:
    assert json.loads(f'"{escape(character)}"') == character


@given(NASTY.map(clean), st.integers(2, 100))
def test_wrapping_loses_nothing_and_keeps_the_width(text: str, cells: int) -> None:
    lines = wrap(text, cells)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= cells or "/" in line for line in lines)
    assert lines


def test_a_url_and_a_path_are_never_broken() -> None:
    url = "https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns"
    assert wrap(f"see {url} there", 30) == ["see", url, "there"]


def test_wide_characters_count_two_cells() -> None:
    assert width("推送") == 4
    assert width("e\u0301") == 1
    assert pad("推送", 6) == "推送  "
    assert wrap("推送测试通知", 5) == ["推送", "测试", "通知"]


@given(NASTY.map(clean), st.integers(1, 40))
def test_clipping_keeps_the_width_and_says_that_something_is_missing(text: str, cells: int) -> None:
    clipped = clip(text, cells)
    assert width(clipped) <= cells
    assert clipped == text or clipped.endswith("…")


@given(st.text(), st.sampled_from(["ascii", "cp437", "cp1252", "gbk", "utf-8", "no-such-encoding"]))
def test_every_text_can_be_written_in_every_encoding(text: str, encoding: str) -> None:
    fitted = encodable(text, encoding)
    fitted.encode("ascii" if encoding.startswith("no-") else encoding)


def test_known_signs_get_an_ascii_form_before_they_become_numbers() -> None:
    assert encodable("✗ 00fc13ad…e8f0 · 你", "ascii") == "x 00fc13ad...e8f0 - \\u4f60"
    assert encodable("✓ ok", None) == "✓ ok"


def test_a_token_keeps_its_first_eight_and_last_four_characters() -> None:
    token = "00fc13ad" + "0" * 52 + "e8f0"
    assert shorten(token) == "00fc13ad…e8f0"
    assert shorten("short-token") == "short-token"
    assert shorten_tokens(f"/3/device/{token}?x") == "/3/device/00fc13ad…e8f0?x"
    assert shorten_tokens("id 8a6c7a4e-1f6b-4a3e-9e50-0c2d8f6b7a11") == "id 8a6c7a4e-1f6b-4a3e-9e50-0c2d8f6b7a11"
    assert shorten_tokens("to CN_0123456789abcdef", ("CN_0123456789abcdef",)) == "to CN_01234…cdef"


def obeyed(line: str) -> bool:
    """Whether GitHub's runner may take a line for a command: actions/runner, src/Runner.Common/ActionCommand.cs."""
    return line.lstrip().startswith("::") or "##[" in line


@pytest.mark.parametrize("line", ["::error::x", "   ::set-env name=A::b", "x ##[error]y", "  ::##[group]z", "::"])
def test_githubs_runner_obeys_nothing_that_is_printed(line: str) -> None:
    assert obeyed(line)
    assert not obeyed(guard_workflow_commands(line))


def test_an_ordinary_line_is_left_alone() -> None:
    assert guard_workflow_commands("apns::BadDeviceToken # [1]") == "apns::BadDeviceToken # [1]"


def test_numbers_with_their_nouns() -> None:
    assert [plural(1, "error"), plural(2000, "error"), plural(0, "push", "pushes")] == [
        "1 error",
        "2,000 errors",
        "0 pushes",
    ]
