"""Small services for tests."""

import tempfile
from pathlib import Path
from typing import Any

import accesssim
from accesssim.world.scenario import Scenario
from accesssim.world.shipped import shipped_names

#: Scenarios that are run one by one; a country is a service of its own size, which the engines' benchmark runs.
SHIPPED = [name for name in shipped_names("scenarios") if name != "country"]

SMALL = {
    "demand.referrals_per_week": 8.0, "demand.history_days": 300, "demand.peak_multiple": 4.0, "workforce.low_intensity.posts": 2,
    "workforce.high_intensity.posts": 2, "funding.annual_budget": None, "initial.awaiting_assessment": 10, "initial.waiting.low_intensity": 8,
    "initial.waiting.high_intensity": 8, "run.weeks": 8,
}


def written(text: str, name: str = "written") -> Scenario:
    """A scenario from the text of its file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return accesssim.load(path)


def small(scenario: str = "baseline", **settings: Any) -> Scenario:
    """A twentieth of the baseline, or of what extends it; settings by dotted path, with `__` for the dot."""
    return accesssim.load(scenario).replace(SMALL | {path.replace("__", "."): value for path, value in settings.items()})
