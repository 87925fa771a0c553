"""Pages lead where they say, versions agree, and lines can be read."""

import re
from pathlib import Path

import pytest

import accesssim

ROOT = Path(__file__).parent.parent
PAGES = [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md"))]
#: Where a page's paths may begin.
_BEGINNINGS = ("", "accesssim", "docs", "tests/benchmarks")
_LONGEST = 150


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=lambda page: page.name)
def test_every_path_of_a_page_exists(page: Path) -> None:
    """Files and folders of the repository that a page names in code type are there."""
    named = re.findall(r"`([\w./-]+)`", page.read_text(encoding="utf-8"))
    paths = [name for name in named if re.search(r"\w/$|\w\.(py|md|yaml|csv|svg|toml)$", name)]
    paths = [name for name in paths if "/" in name or name.endswith(".md")]
    made = ("results/", "runs/", "weekly/", "failures/", "people/", "stale/", "report/", "~/", "/")
    gone = [
        name
        for name in paths
        if not name.startswith(made) and not any((ROOT / begin / name).exists() for begin in _BEGINNINGS)
    ]
    assert gone == []


def test_what_hurts_is_told_under_the_same_name_in_both_engines() -> None:
    """The table of the design names files that both engines have, and sections that there are."""
    rows = re.findall(
        r"^\| .* \| `(\w+/.*\.py)` \| ([\w, ]*) ?\| ([\w, ]*) ?\|$", _text("docs/design.md"), re.MULTILINE
    )
    assert len(rows) == 9
    for first, told, sections in rows:
        assert (ROOT / "accesssim" / first).exists(), first
        for name in filter(None, told.strip().split(", ")):
            assert (ROOT / "accesssim" / "clinic" / f"{name}.py").exists(), name
            assert (ROOT / "accesssim" / "clinic" / "compiled" / f"{name}.py").exists(), name
        for name in filter(None, sections.strip().split(", ")):
            assert (ROOT / "accesssim" / "world" / "sections" / f"{name}.py").exists(), name


def test_versions_agree() -> None:
    """That of the package is the latest of the changes, and the one to be cited."""
    assert re.findall(r"^## (\d+\.\d+\.\d+)", _text("CHANGELOG.md"), re.MULTILINE)[0] == accesssim.__version__
    assert f"\nversion: {accesssim.__version__}\n" in _text("CITATION.cff")


def test_lines_can_be_read() -> None:
    """No page, scenario or experiment has a line that is longer than a screen is wide."""
    files = [*PAGES, *(ROOT / "scenarios").rglob("*.yaml"), *(ROOT / "experiments").rglob("*.yaml")]
    long = [
        f"{file.name}:{number}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > _LONGEST
    ]
    assert long == []
