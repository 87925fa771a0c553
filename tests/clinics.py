"""Small services for tests."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import accesssim
from accesssim.clinic import engines
from accesssim.world.reading.files import load_text
from accesssim.world.scenario import Scenario
from accesssim.world.shipped import shipped_folder, shipped_names

#: Scenarios that are run one by one; a country is a service of its own size, which the engines' benchmark runs.
SHIPPED = [name for name in shipped_names("scenarios") if name != "country"]

SMALL = {
    "demand.referrals_per_week": 8.0,
    "demand.history_days": 300,
    "demand.peak_multiple": 4.0,
    "workforce.low_intensity.posts": 2,
    "workforce.high_intensity.posts": 2,
    "funding.annual_budget": None,
    "initial.awaiting_assessment": 10,
    "initial.waiting.low_intensity": 8,
    "initial.waiting.high_intensity": 8,
    "run.weeks": 8,
}

QUEUE = (shipped_folder("scenarios") / "textbook_queue.yaml").read_text(encoding="utf-8")
"""A queue of the textbooks, which other pathways, teams and places are put into."""

_KEPT_APART: Any = {"mix_stderr": False} if "mix_stderr" in inspect.signature(CliRunner).parameters else {}
APART = CliRunner(**_KEPT_APART)
"""Runs a command with its standard output by itself, which click does unasked from 8.2 on."""

PIECES = engines.pieces
"""What runs where nothing fails."""


def written(text: str, name: str = "written") -> Scenario:
    """A scenario from the text of its file."""
    return load_text(text, name)


def small(scenario: str = "baseline", **settings: Any) -> Scenario:
    """A twentieth of the baseline, or of what extends it; settings by dotted path, with `__` for the dot."""
    return accesssim.load(scenario).replace(
        SMALL | {path.replace("__", "."): value for path, value in settings.items()}
    )


def failing(monkeypatch: pytest.MonkeyPatch, fails: Callable[[Scenario, int], bool]) -> None:
    """From now on runs of some scenarios and replications fail; those that failed before no longer do."""

    def pieces(scenario: Scenario, *, seed: int, replication: int = 0, **more: Any) -> Any:
        if fails(scenario, replication):
            raise RuntimeError("the roof fell in")
        return PIECES(scenario, seed=seed, replication=replication, **more)

    monkeypatch.setattr(engines, "pieces", pieces)


def many_shards(place: Path, *, points: int = 16, replications: int = 3, weeks: int = 26) -> None:
    """`asked.yaml` in a folder: a small service at so many points, each a shard of its own that takes a moment, and its scenario `town.yaml`."""
    (place / "town.yaml").write_text(
        f"extends: baseline\nrun: {{weeks: {weeks}}}\ndemand: {{referrals_per_week: 8, history_days: 300, peak_multiple: 4}}\n"
        "workforce: {low_intensity: {posts: 2}, high_intensity: {posts: 2}}\nfunding: {annual_budget: null}\n"
        "initial: {awaiting_assessment: 10, waiting: {low_intensity: 8, high_intensity: 8}}\n",
        encoding="utf-8",
    )
    levels = [round(0.5 + nth / points, 4) for nth in range(points)]
    (place / "asked.yaml").write_text(
        f"scenario: town.yaml\nmatrix: {{bureaucracy.level: {levels}}}\nreplications: {replications}\nseed: 5\n",
        encoding="utf-8",
    )
