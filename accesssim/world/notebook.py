"""What a notebook shows of an object: a heading and a small table, whatever letters are in it; and numbers of things in words."""

from collections.abc import Iterable
from html import escape


def as_html(heading: str, rows: Iterable[tuple[str, object]]) -> str:
    """A table of two columns below a heading."""
    lines = (f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>" for name, value in rows)
    return f"<p><strong>{escape(heading)}</strong></p><table>{''.join(lines)}</table>"


def counted(number: float, noun: str) -> str:
    """So many of something: `1 run`, `2,000 runs`."""
    return f"{f'{number:,}' if isinstance(number, int) else f'{number:g}'} {noun}{'' if number == 1 else 's'}"
