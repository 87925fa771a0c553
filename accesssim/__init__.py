"""accesssim: what moves the wait for talking therapy, and what the wait and the work do to people.

The public names; each is imported when it is first used, so that `import accesssim` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from accesssim.version import __version__

if TYPE_CHECKING:
    from accesssim.clinic.engines import simulate
    from accesssim.clinic.stop import Stop, Stopped
    from accesssim.study.asking.experiment import Experiment
    from accesssim.study.asking.quick_runs import run, single_run
    from accesssim.study.result import Result
    from accesssim.world.errors import AccessSimError, ScenarioError
    from accesssim.world.journal.journal import Journal
    from accesssim.world.reading.files import load
    from accesssim.world.scenario import Scenario

__all__ = [
    "AccessSimError",
    "Experiment",
    "Journal",
    "Result",
    "Scenario",
    "ScenarioError",
    "Stop",
    "Stopped",
    "__version__",
    "load",
    "run",
    "simulate",
    "single_run",
]

_HOME = {
    "AccessSimError": "world.errors",
    "Experiment": "study.asking.experiment",
    "Journal": "world.journal.journal",
    "Result": "study.result",
    "Scenario": "world.scenario",
    "ScenarioError": "world.errors",
    "Stop": "clinic.stop",
    "Stopped": "clinic.stop",
    "load": "world.reading.files",
    "run": "study.asking.quick_runs",
    "simulate": "clinic.engines",
    "single_run": "study.asking.quick_runs",
}


def __getattr__(name: str) -> object:
    """Import a public name from its home, once."""
    if name not in _HOME:
        raise AttributeError(f"module 'accesssim' has no attribute {name!r}")
    value: object = getattr(import_module(f"accesssim.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
