"""What a notebook shows of an object: a heading and a small table, whatever letters are in it."""

from collections.abc import Iterable
from html import escape


def as_html(heading: str, rows: Iterable[tuple[str, object]]) -> str:
    """A table of two columns below a heading."""
    lines = (f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>" for name, value in rows)
    return f"<p><strong>{escape(heading)}</strong></p><table>{''.join(lines)}</table>"


def some(number: int, noun: str) -> str:
    """A number of things: 1 point, 2,000 points."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
