"""Parts of the documents that are written from the code: `python -m tests.documents --write`.

Without `--write` it only says which pages are out of date. `tests/test_model_page.py` holds the pages to it.
"""

import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

from accesssim.study.measuring.measures import MEASURES
from accesssim.study.verifying.states import moves_table
from accesssim.world.checking.declared import Declaration, declaration, known_paths
from accesssim.world.sections.parameters import Parameters

DOCS = Path(__file__).parent.parent / "docs"
WIDTH = 120


def _item(text: str) -> str:
    """An entry of a list, in lines that can be read."""
    return textwrap.fill(text, WIDTH, subsequent_indent="  ", initial_indent="- ", break_on_hyphens=False)


def measures() -> str:
    """Every measure with unit, denominator and formula."""
    better = {"higher": "; higher is better", "lower": "; lower is better", "neither": ""}
    return "\n".join(
        _item(f"`{name}` ({one.unit}{better[one.better]}): {one.formula}. Of: {one.of}.")
        for name, one in MEASURES.items()
    )


def _amount(value: object) -> str:
    """A value as a file would hold it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if value is None or value == () or value == {}:
        return "left out"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _bounds(declared: Declaration) -> str:
    if declared.choices:
        return "; one of " + ", ".join(declared.choices)
    if declared.above is not None:
        return f"; above {declared.above:g}"
    if declared.low is None:
        return ""
    return f"; {declared.low:g} to {declared.high:,}" if declared.high is not None else f"; {declared.low:g} or more"


def parameters() -> str:
    """Every parameter with kind, unit, bounds, default and meaning."""
    paths = known_paths({})
    parts: list[str] = []
    for section, info in Parameters.model_fields.items():
        parts += ["", f"## `{section}`: {info.description}", ""]
        for path in paths:
            if path.partition(".")[0] != section:
                continue
            declared = declaration(path)
            assert declared is not None, path
            default = "no default" if declared.required else f"default {_amount(declared.default)}"
            unit = f", {declared.unit}" if declared.unit else ""
            parts.append(_item(f"`{path}` ({declared.kind}{unit}{_bounds(declared)}; {default}): {declared.meaning}."))
    return "\n".join(parts).strip()


#: What stands between which marks of which page.
PARTS: dict[str, tuple[str, Callable[[], str]]] = {
    "moves": ("model.md", moves_table),
    "measures": ("codebook.md", measures),
    "parameters": ("parameters.md", parameters),
}


def page(part: str) -> tuple[Path, str, str]:
    """The file that holds a part, its text, and its text as it should be."""
    name, tell = PARTS[part]
    text = (DOCS / name).read_text(encoding="utf-8")
    before, begin, rest = text.partition(f"<!-- begin {part}: written by python -m tests.documents --write -->\n")
    _, end, after = rest.partition(f"<!-- end {part} -->")
    assert begin, f"docs/{name} has no mark where {part} begin"
    assert end, f"docs/{name} has no mark where {part} end"
    return DOCS / name, text, f"{before}{begin}\n{tell()}\n\n{end}{after}"


def main() -> int:
    """Write the parts, or say which are out of date."""
    stale = 0
    for part in PARTS:
        path, text, wanted = page(part)
        if text != wanted:
            stale += 1
            print(f"{path.name}: {part}", "written" if "--write" in sys.argv else "out of date")
            if "--write" in sys.argv:
                path.write_text(wanted, encoding="utf-8")
    return 0 if "--write" in sys.argv else stale


if __name__ == "__main__":
    sys.exit(main())
