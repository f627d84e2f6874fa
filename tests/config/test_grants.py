from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pushctl.config import files
from pushctl.config.grants import GrantCache
from pushctl.core.errors import LocalError
from pushctl.core.secret import Secret
from pushctl.core.vendor import Grant, GrantSpec, Refused
from pushctl.core.verdict import Judgement

SPEC = GrantSpec("toy.team.key", 3000)
NOW = 1_000_000.0


def grant(text: str = "token", minted: float = NOW, life: float = 3600) -> Grant:
    return Grant(Secret(text, "$PUSHCTL_TOKEN", '{"alg":"none"}'), minted, minted + life)


def never() -> Grant:
    raise AssertionError("minted although one was cached")


@pytest.fixture
def cache(tmp_path: Path) -> GrantCache:
    return GrantCache(tmp_path / "deep" / "grants")


def filled(cache: GrantCache, made: Grant | None = None) -> GrantCache:
    cache.obtain(SPEC, NOW, lambda: made or grant())
    return cache


def minted_again(cache: GrantCache, now: float = NOW, spec: GrantSpec = SPEC) -> bool:
    got, findings = cache.obtain(spec, now, lambda: grant("new", now))
    assert isinstance(got, Grant)
    assert findings == []
    return got.value.reveal() == "new"


def test_a_grant_is_kept_whole_and_for_its_owner_only(cache: GrantCache) -> None:
    got, findings = filled(cache).obtain(SPEC, NOW + 1, never)
    assert got == grant()
    assert isinstance(got, Grant)
    assert (got.value.shown, got.value.about) == ("$PUSHCTL_TOKEN", '{"alg":"none"}')
    assert findings == []
    path = cache.path(SPEC)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert "token" not in path.name


@pytest.mark.parametrize(
    ("age", "again"), [(0, False), (2999.9, False), (3000, True), (-1, True), (3600, True)], ids=str
)
def test_reuse_ends_with_the_specs_time_and_a_future_one_is_a_miss(age: float, again: bool, cache: GrantCache) -> None:
    assert minted_again(filled(cache), NOW + age) is again


def test_an_expired_one_is_a_miss(cache: GrantCache) -> None:
    filled(cache, grant(life=100))
    assert minted_again(cache, NOW + 100)


def test_keys_do_not_meet(cache: GrantCache) -> None:
    filled(cache)
    assert minted_again(cache, spec=GrantSpec("toy.team.other", 3000))
    assert not minted_again(cache)


@pytest.mark.parametrize("key", ["a/../../b", "..", ".hidden", "x" * 300, "ä ö", "https://a/b?c", "CON:", ""])
def test_any_key_is_a_safe_file_name_of_its_own(key: str, cache: GrantCache, tmp_path: Path) -> None:
    path = cache.path(GrantSpec(key, 1))
    assert path.parent == tmp_path / "deep" / "grants"
    assert len(path.name) < 160
    assert path.name.isascii()
    assert not path.name.startswith(".")
    assert path != cache.path(GrantSpec(key + "'", 1))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"null", b"[]", b"\xff", b"[" * 100_000,
        b'{"schema": "other"}',
        json.dumps({"schema": "pushctl/grant/1", "key": "toy.team.key"}).encode(),
        json.dumps({"schema": "pushctl/grant/1", "key": "foreign", "minted": NOW, "expires": NOW + 9,
                    "value": "v", "shown": "", "about": ""}).encode(),
        json.dumps({"schema": "pushctl/grant/1", "key": "toy.team.key", "minted": "x", "expires": NOW + 9,
                    "value": "v", "shown": "", "about": ""}).encode(),
        json.dumps({"schema": "pushctl/grant/1", "key": "toy.team.key", "minted": NOW, "expires": NOW + 9,
                    "value": "", "shown": "", "about": ""}).encode(),
    ],
)  # fmt: skip
def test_a_corrupt_or_foreign_file_is_a_miss_and_is_replaced(content: bytes, cache: GrantCache) -> None:
    filled(cache)
    cache.path(SPEC).write_bytes(content)
    assert minted_again(cache)
    assert cache.obtain(SPEC, NOW + 1, never)[0] == grant("new")


def test_fresh_replaces_what_is_cached(cache: GrantCache) -> None:
    filled(cache)
    got, _ = cache.obtain(SPEC, NOW + 1, lambda: grant("new", NOW + 1), fresh=True)
    assert got == grant("new", NOW + 1)
    assert cache.obtain(SPEC, NOW + 2, never)[0] == got


def test_a_refused_grant_is_not_given_again_but_a_newer_one_is(cache: GrantCache) -> None:
    filled(cache)
    got, _ = cache.obtain(SPEC, NOW + 1, lambda: grant("new", NOW + 1), refused=grant())
    assert got == grant("new", NOW + 1)
    assert cache.obtain(SPEC, NOW + 2, never, refused=grant())[0] == got


def test_a_refusal_is_passed_on_and_not_kept(cache: GrantCache) -> None:
    refused = Refused(Judgement("refused", "nope", "credential"))
    assert cache.obtain(SPEC, NOW, lambda: refused) == (refused, [])
    assert minted_again(cache)


def test_a_failing_mint_releases_the_lock(cache: GrantCache) -> None:
    with pytest.raises(AssertionError):
        cache.obtain(SPEC, NOW, never)
    assert minted_again(cache)


def test_a_folder_that_cannot_be_made_is_a_warning_and_the_push_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    got, findings = GrantCache(tmp_path / "file" / "grants").obtain(SPEC, NOW, grant)
    assert got == grant()
    assert [(one.rule, one.level) for one in findings] == [("cache-unwritable", "warning")]


def test_a_full_disk_is_a_warning_and_the_push_goes_on(cache: GrantCache, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise LocalError("the file cannot be written: No space left on device.")

    monkeypatch.setattr(files, "write_private", full)
    got, findings = cache.obtain(SPEC, NOW, grant)
    assert got == grant()
    assert [one.rule for one in findings] == ["cache-unwritable"]
    assert "token" not in str(findings).replace("provider token", "")


def test_who_waits_too_long_goes_on_without_the_cache(tmp_path: Path) -> None:
    inside, leave = threading.Event(), threading.Event()

    def slow() -> Grant:
        inside.set()
        assert leave.wait(30)
        return grant("slow")

    holder = threading.Thread(target=lambda: GrantCache(tmp_path).obtain(SPEC, NOW, slow))
    holder.start()
    try:
        assert inside.wait(30)
        got, findings = GrantCache(tmp_path, wait_s=0.01).obtain(SPEC, NOW, lambda: grant("own"))
    finally:
        leave.set()
        holder.join()
    assert got == grant("own")
    assert [one.rule for one in findings] == ["cache-locked"]
    assert GrantCache(tmp_path).obtain(SPEC, NOW, never)[0] == grant("slow")


_WORKER = """
import sys
from pathlib import Path
from pushctl.config.grants import GrantCache
from pushctl.core.secret import Secret
from pushctl.core.vendor import Grant, GrantSpec
folder, number = Path(sys.argv[1]), sys.argv[2]
def mint():
    (folder / f"minted-by-{number}").touch()
    return Grant(Secret(f"token-of-{number}", "$T"), 1000.0, 5000.0)
sys.stdin.read(1)   # all start at once
got, findings = GrantCache(folder / "grants").obtain(GrantSpec("toy", 3000), 1000.0, mint)
assert findings == [], findings
print(got.value.reveal())
"""


def test_of_many_processes_one_mints_and_the_others_take_its_grant(tmp_path: Path) -> None:
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, str(tmp_path), str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for number in range(6)
    ]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write(b"x")
        worker.stdin.flush()
    answers = [worker.communicate(timeout=60)[0].decode().strip() for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * 6
    minters = [path.name.removeprefix("minted-by-") for path in tmp_path.glob("minted-by-*")]
    assert len(minters) == 1
    assert set(answers) == {f"token-of-{minters[0]}"}


def test_the_cached_path_imports_nothing_but_the_standard_library(tmp_path: Path) -> None:
    filled(GrantCache(tmp_path / "grants"))
    code = (
        "import sys; from pathlib import Path; from pushctl.config.grants import GrantCache;"
        "from pushctl.core.vendor import GrantSpec;"
        f"got, _ = GrantCache(Path({str(tmp_path / 'grants')!r})).obtain(GrantSpec('toy.team.key', 3000), {NOW}, None);"
        "print(*sorted({name.split('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)), sep='\\n')"
    )
    before = "import sys; print(*sorted({name.split('.')[0] for name in sys.modules}), sep='\\n')"
    run = [
        set(subprocess.run([sys.executable, "-c", one], capture_output=True, check=True, text=True).stdout.split())
        for one in (code, before)
    ]
    assert run[0] - run[1] == {"pushctl"}
