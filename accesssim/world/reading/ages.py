"""How long those on a list have waited, from a table beside the scenario: a line a person, as a service can export it."""

import csv
import datetime
import io
import math
from collections import Counter

from accesssim.world.calendar import DAYS_PER_WEEK
from accesssim.world.errors import Problem, ScenarioError
from accesssim.world.reading.paths import table
from accesssim.world.reading.yaml import Document, read_text
from accesssim.world.sections.consistency import MOST_WEEKS

COLUMNS = {
    "days_waited": "days, such as 40",
    "weeks_waited": "weeks, such as 5.5",
    "joined_on": "a date before the start, such as 2025-11-03",
}
"""One of these heads the column that is read; others are left alone. Who awaits assessment joined on the day on which they asked."""


def is_table(where: tuple[str, ...], raw: object) -> bool:
    """Whether a value stands for a table of those on a list."""
    return where[:-1] == ("initial", "ages") and isinstance(raw, str)


def days_waited(document: Document, where: tuple[str, ...], first: datetime.date) -> dict[str, int]:
    """How many have waited so many days on the first day, from the table that a file names at a key.

    Raises ScenarioError with every line that is wrong.
    """
    path, shown = table(document, *where)
    rows = csv.reader(io.StringIO(read_text(path, shown), newline=""))
    head = [name.strip() for name in next(rows, [])]
    known = [name for name in COLUMNS if name in head]
    if len(known) != 1:
        raise ScenarioError([Problem(f"{shown}:1:1", f"needs one, and only one, of the columns {', '.join(COLUMNS)}")])
    counts, problems = Counter[int](), []
    for row in rows:
        if any(value.strip() for value in row):
            value = dict(zip(head, row, strict=False)).get(known[0], "").strip()
            try:
                counts[_days(known[0], value, first)] += 1
            except (ValueError, OverflowError):
                why = f"{known[0]} is {value!r}; it must be {COLUMNS[known[0]]}, and no more than ten years"
                problems.append(Problem(f"{shown}:{rows.line_num}:1", why))
    if problems or not counts:
        raise ScenarioError(problems or [Problem(f"{shown}:1:1", "tells of nobody")])
    return {str(day): counts[day] for day in sorted(counts)}


def _days(column: str, value: str, first: datetime.date) -> int:
    """Whole days waited on the first day. Raises ValueError, OverflowError."""
    if column == "joined_on":
        days = (first - datetime.date.fromisoformat(value)).days
    else:
        days = math.floor(float(value) * (DAYS_PER_WEEK if column == "weeks_waited" else 1))
    if not 0 <= days < DAYS_PER_WEEK * MOST_WEEKS:
        raise ValueError(value)
    return days
