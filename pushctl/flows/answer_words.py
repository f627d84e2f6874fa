"""Codes that stand in a text which holds no answer."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pushctl.flows.logged import unescaped

_WORD = re.compile(r"[A-Za-z0-9_./=-]+")
_CODE = re.compile(  # errorCode=21301, [code] => 20301, Code:20301, <<"code">> => 20301, result=10302; no HTTP status
    r"(?<![a-z])(?<!status[ _-])(?<!http[ _-])(?:(?:err|error|return|ret|result)?[ _-]?code|errno|result|错误码|返回码)"
    r"[\"'\]>]*\s?(?:=>|[:=]|\s)[\s\"'(<]*(-?[0-9]{1,9})(?![0-9A-Za-z_.-])",
    re.IGNORECASE,
)


def named(text: str, codes: Iterable[str], refusals: Iterable[str]) -> tuple[str, ...]:
    """Up to three codes that stand in the text as words of their own, longest first: the longer, the more exact. A
    short or common one ("200", "Success") proves nothing and is left out, unless it is one of ``refusals`` and the text
    says that it is a code."""
    codes = tuple(codes)
    words = set(_WORD.findall(text)) | set(_WORD.findall(unescaped(text)))
    words |= {part.strip(".") for word in words for part in (word, word.rpartition("=")[2])}
    told = {code for code in codes if code in words and len(code) >= 7 and not code.isalpha()}
    told |= {code for code in codes if code in words and code.isupper() and len(code) >= 7}
    told |= set(_CODE.findall(text)) & set(refusals)
    return tuple(sorted(told, key=lambda code: (-len(code), code))[:3])
