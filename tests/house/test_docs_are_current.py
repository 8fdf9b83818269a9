"""The pages that are made from the code, and those that point at it, say what the code says."""

import re
import runpy
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = REPOSITORY / "alphaloop"
DECISIONS = sorted((REPOSITORY / "docs" / "decisions").glob("[0-9]*.md"))
PAGES = sorted(
    path
    for place in (".", "docs", "docs/decisions", "strategy_template", "changelog.d", "alphaloop/*")
    for path in REPOSITORY.glob(f"{place}/*.md")
)
# What a room's README may name beside its own files: other rooms, and the files of a strategy repository.
TOPS = (PROGRAM, REPOSITORY, REPOSITORY / "strategy_template")
KINDS = ("added", "changed", "fixed", "removed", "security")


def test_every_generated_page_is_as_the_code_is() -> None:
    pages = runpy.run_path(str(REPOSITORY / "tools" / "pages"))["pages"]()
    stale = [str(path) for path, text in pages.items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run `make docs`"


def test_every_decision_is_in_the_index() -> None:
    index = (REPOSITORY / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in DECISIONS if f"({path.name})" not in index] == []


def test_no_two_decisions_share_a_number() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert sorted(set(numbers)) == numbers


def test_every_decision_asks_its_question_and_answers_it() -> None:
    shapeless = []
    for path in DECISIONS:
        text = path.read_text(encoding="utf-8")
        headings = re.findall(r"(?m)^## (.+)$", text)
        if (
            headings[:1] != ["Question"]
            or "Decision" not in headings
            or not text.startswith(f"# {path.name[:4]}: ")
        ):
            shapeless.append(path.name)
    assert shapeless == []


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(REPOSITORY)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_room_says_where_to_begin() -> None:
    rooms = [path.parent for path in PROGRAM.glob("*/__init__.py")]
    assert [room.name for room in rooms if not (room / "README.md").is_file()] == []


def test_a_rooms_readme_names_files_that_are_there() -> None:
    missing = [
        f"{page.parent.name}: {name}"
        for page in PROGRAM.glob("*/README.md")
        for name in re.findall(r"`([\w/]+(?:\.py|/))`", page.read_text(encoding="utf-8"))
        if not any((place / name).exists() for place in (page.parent, *TOPS))
    ]
    assert missing == []


def test_every_changelog_fragment_has_a_known_kind() -> None:
    fragments = [path for path in (REPOSITORY / "changelog.d").iterdir() if path.name != "README.md"]
    strange = [
        path.name
        for path in fragments
        if not re.fullmatch(rf"[a-z0-9-]+\.({'|'.join(KINDS)})\.md", path.name)
    ]
    assert strange == []
