"""The tour and the README name what exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`([\w/.]+\.(?:py|md|toml|yaml|conf))(?::(\w+))?`")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def defined_in(path: Path) -> set[str]:
    """What a module defines at its top level."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_and_name_a_page_mentions_exists(page: Path) -> None:
    """A newcomer who follows a name arrives; ``file.py:name`` names something the file defines."""
    for file, name in NAMED.findall(page.read_text(encoding="utf-8")):
        if "/" not in file:
            continue
        path = ROOT / file
        assert path.exists(), f"{page.name} names {file}"
        if name:
            assert name in defined_in(path), f"{page.name} names {file}:{name}"


def test_the_tour_walks_through_every_room() -> None:
    """One visit and one punch touch all rooms; so does the page."""
    tour = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    for room in (
        "kiosk/",
        "display/",
        "counter/",
        "rating_pad/",
        "punch_clock/",
        "broker/rules/",
        "firmware/drivers/",
        "sim/",
    ):
        assert room in tour
