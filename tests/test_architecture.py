"""The arrows between the rooms, read from the source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "pushctl"
SOURCES = sorted(PACKAGE.rglob("*.py"))

# room → the rooms that it may import; everybody may import itself.
MAY_IMPORT = {
    "core": set(),
    "vendors": {"core"},
    "config": {"core"},
    "transport": {"core"},
    "output": {"core"},
    "sandbox": {"vendors", "core"},
    "flows": {"vendors", "transport", "config", "sandbox", "core"},
    "cli": {"flows", "vendors", "transport", "config", "sandbox", "output", "core"},
    "__main__": {"cli"},
    "__init__": set(),
}


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Every module that a file imports, at its top or inside a function; relative imports made absolute."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
    return names


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_imports_only_along_the_arrows(path: Path) -> None:
    ours = {name.split(".")[1] for name in imported(path) if name.startswith("pushctl.")}
    ours -= {"__version__"}
    assert ours <= MAY_IMPORT[room(path)] | {room(path)}


@pytest.mark.parametrize("path", [p for p in SOURCES if room(p) == "core"], ids=lambda p: p.name)
def test_core_needs_the_standard_library_only(path: Path) -> None:
    import sys

    roots = {name.split(".")[0] for name in imported(path)} - {"pushctl"}
    assert roots <= set(sys.stdlib_module_names)


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if room(p) == "vendors"], ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_a_vendor_knows_no_other_vendor_and_its_emulator_no_sibling(path: Path) -> None:
    inside = {name for name in imported(path) if name.startswith("pushctl.vendors.")}
    folder = path.parent.name
    if folder != "vendors":  # _huawei: one family's protocol; _tokens: what strangers' tokens look like
        assert {name.split(".")[2] for name in inside} <= {folder, "_huawei", "_tokens"}
    if path.name.startswith("emulator"):
        assert all(name.split(".")[3].startswith("emulator") for name in inside if len(name.split(".")) > 3)


def test_rich_is_imported_by_the_human_renderer_alone() -> None:
    users = {str(p.relative_to(PACKAGE)) for p in SOURCES if any(n.split(".")[0] == "rich" for n in imported(p))}
    assert users == {"output/human.py"}


def test_sockets_are_opened_by_transport_and_sandbox_alone() -> None:
    wire = {"socket", "ssl", "httpx", "h2", "h11", "asyncio"}
    users = {room(p) for p in SOURCES if {n.split(".")[0] for n in imported(p)} & wire}
    assert users <= {"transport", "sandbox"}


def test_nobody_depends_on_click_or_on_private_parts_of_typer() -> None:
    for path in SOURCES:
        assert not any(n.split(".")[0] == "click" or n.startswith("typer._") for n in imported(path)), path
