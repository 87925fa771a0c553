"""Tables of the documentation that a benchmark prints: `--write` puts them where they stand."""

from collections.abc import Iterable
from pathlib import Path

DOCS = Path(__file__).parent.parent.parent / "docs"


MEASURED = ("| | measured | floor | target |", "| --- | ---: | ---: | ---: |")
"""The heading of a table of figures that are held against a floor and a target."""


def measured(name: str, figure: str, floor: str = "", target: str = "") -> str:
    """A line of such a table."""
    return f"| {name} | {figure} | {floor} | {target} |"


def rows_of(page: str) -> list[str]:
    """The lines of a page's table, its two lines of heading left out."""
    return [line for line in (DOCS / page).read_text(encoding="utf-8").splitlines() if line.startswith("| ")][2:]


def show(page: str, heading: Iterable[str], rows: Iterable[str], *, write: bool) -> None:
    """Print a table row by row, and, where `write`, put it in place of the page's."""
    lines = [*heading]
    for line in lines:
        print(line)
    for row in rows:
        print(row, flush=True)
        lines.append(row)
    if write:
        text = (DOCS / page).read_text(encoding="utf-8").splitlines()
        table = [number for number, line in enumerate(text) if line.startswith("| ")]
        text[table[0] : table[-1] + 1] = lines
        (DOCS / page).write_text("\n".join(text) + "\n", encoding="utf-8")
