"""Four floors, imports only downward; a run needs little; rules need nothing."""

import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent


def test_import_contracts_are_kept() -> None:
    """The contracts of pyproject.toml hold."""
    told = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("floor", ["accesssim.cli", "accesssim.study", "accesssim.world"])
def test_no_file_imports_itself_by_way_of_others(floor: str) -> None:
    """There is no circle of imports on a floor, nor would there be one if type checkers and functions imported at once."""
    graph = grimp.build_graph("accesssim")
    files = {floor, *graph.find_descendants(floor)}
    TopologicalSorter({file: graph.find_modules_directly_imported_by(file) & files for file in files}).prepare()


def test_a_run_needs_only_simpy_and_numpy_beyond_reading_files() -> None:
    """No pandas, scipy, matplotlib, pyarrow or process pool is imported by loading a scenario and simulating it."""
    code = """
import sys
import accesssim
accesssim.simulate(accesssim.load("baseline").replace({"run.weeks": 1}), seed=1)
heavy = {"pandas", "scipy", "matplotlib", "seaborn", "pyarrow", "multiprocessing", "concurrent.futures"} & set(sys.modules)
sys.exit(", ".join(sorted(heavy)) or 0)
"""
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
