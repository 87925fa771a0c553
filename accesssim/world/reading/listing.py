"""Every value of a scenario with unit, kind, source, quality and place: the rows of `accesssim show`."""

from typing import Any

from accesssim.world.checking.declared import declaration, leaves
from accesssim.world.checking.values import Provenance
from accesssim.world.scenario import Scenario
from accesssim.world.sections.units import in_currency


def describe(scenario: Scenario) -> list[dict[str, Any]]:
    """The values on day 0, then those that come into force later."""
    provenance, currency = scenario.provenance, scenario.parameters.funding.currency
    rows = [_row(path, path, value, provenance[path], currency) for path, value in leaves(scenario.parameters)]
    for day, values in scenario.dated:
        if day > 0:  # what changes on day 0 stands above already
            rows += [
                _row(f"from day {day}: {path}", path, setting.value, setting.provenance, currency)
                for path, setting in values.items()
            ]
    return rows


def _row(name: str, path: str, value: Any, origin: Provenance, currency: str) -> dict[str, Any]:
    declared = declaration(path)
    assert declared is not None, path
    return {
        "path": name,
        "value": value,
        "unit": in_currency(declared.unit, currency),
        "kind": declared.kind,
        "source": origin.source,
        "quality": origin.quality,
        "low": origin.low,
        "high": origin.high,
        "note": origin.note,
        "place": origin.place,
        "meaning": declared.meaning,
    }
