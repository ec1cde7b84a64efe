"""The pages say what is there: rooms, files they link to, glossary terms only once."""

import re
from pathlib import Path
from pkgutil import resolve_name

import pytest

from gst_opt.core.region import Level
from tests.architecture.source import PACKAGE, ROOT

PAGES = sorted((ROOT / "docs").rglob("*.md"))


def text_of(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_architecture_names_every_room() -> None:
    rooms = {path.stem for path in PACKAGE.iterdir() if path.is_dir() or path.suffix == ".py"}
    rooms = {room for room in rooms if not room.startswith("_") and room != "py"}
    told = set(re.findall(r"^\| `(\w+)` \|", text_of("architecture.md"), flags=re.MULTILINE))
    assert rooms <= told


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_files_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []
    dotted = re.findall(r"`((?:text|core|network|model|solve|pillars|io|samples)(?:\.(?!py`)[a-z_]+)+)`", text)
    for name in dotted:
        resolve_name(f"gst_opt.{name}")
    modules = re.findall(r"`((?:text|core|network|model|solve|pillars|io|samples)/[\w/]+\.(?:py|toml))`", text)
    assert [name for name in modules if not (PACKAGE / name).exists()] == []


def test_glossary_has_one_line_a_term_and_every_level() -> None:
    terms = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", text_of("glossary.md"), flags=re.MULTILINE)
    assert len(terms) > 50
    assert sorted(set(terms) - {"English", "abbreviation"}) == sorted(
        term for term in terms if term not in ("English", "abbreviation")
    )
    abbreviations = {name for term in terms for name in term.split(", ")}
    assert {level.value for level in Level} <= abbreviations


def test_decisions_are_numbered_and_listed() -> None:
    pages = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("0*.md"))
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))
    assert re.findall(r"\((0[^)]+\.md)\)", text_of("decisions/README.md")) == pages
