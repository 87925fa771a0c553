"""What a plan holds of a scenario: every value with its source, as plain data."""

from typing import Any

from accesssim.study.running.plan import Assumption, Value
from accesssim.world.checking.declared import declaration
from accesssim.world.scenario import Scenario


def assumptions(scenario: Scenario) -> tuple[Assumption, ...]:
    """Every value of a scenario on day 0 with what is declared of it and where it comes from."""
    told = []
    for path, held in scenario.provenance.items():
        declared = declaration(path)
        kind, meaning = (declared.kind, declared.meaning) if declared else ("setting", "")
        told.append(
            Assumption(
                path,
                _as_text(held.value),
                held.unit,
                kind,
                meaning,
                held.source,
                held.quality,
                held.low,
                held.high,
                held.note,
            )
        )
    return tuple(told)


def plain(value: Any) -> Value:
    """A value as a plan can hold it: lists of such, dates as text."""
    return [plain(one) for one in value] if isinstance(value, list | tuple) else _as_text(value)


def _as_text(value: Any) -> Value:
    return value if isinstance(value, bool | int | float | str) or value is None else str(value)
