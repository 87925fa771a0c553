"""Four floors, imports only downward; a run needs little; rules need nothing."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
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


@pytest.mark.parametrize("floor", ["accesssim.cli", "accesssim.study", "accesssim.clinic", "accesssim.world"])
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


EXACT = {
    "inf",
    "nan",
    "pi",
    "isnan",
    "isinf",
    "isfinite",
    "sqrt",
    "isqrt",
    "floor",
    "ceil",
    "frexp",
    "ldexp",
    "fsum",
    "prod",
    "copysign",
    "ulp",
}
"""What of `math` is the same to the last bit on every machine."""
INEXACT = {
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "logaddexp2", "power", "float_power",
    "cbrt", "hypot", "sin", "cos", "tan", "sinc", "arcsin", "arccos", "arctan", "arctan2", "sinh", "cosh", "tanh",
    "arcsinh", "arccosh", "arctanh", "logspace", "geomspace", "polyfit", "linalg", "random", "dot", "matmul",
    "inner", "einsum",
}  # fmt: skip
"""And what of numpy is not."""
ELSEWHERE = {"cmath", "random", "statistics", "scipy"}


def portable() -> list[Path]:
    """Files whose arithmetic reaches a row of the journal, or turns rows into measures."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (measures,) = [
        contract["source_modules"] for contract in contracts if contract["name"].startswith("Measures are taken")
    ]
    places = [ROOT / name.replace(".", "/") for name in ("accesssim.world", "accesssim.clinic", *measures)]
    return [
        path for place in places for path in (place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")])
    ]


def unportable(tree: ast.AST) -> Iterator[str]:
    """What stands in a file and may come out otherwise on another machine."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(ast.Name("math"), name) if name not in EXACT:
                yield f"{node.lineno}: math.{name}"
            case ast.Attribute(ast.Name("np" | "numpy"), name) if name in INEXACT:
                yield f"{node.lineno}: numpy's {name}"
            case ast.ImportFrom("math") | ast.Call(ast.Name("pow")):
                yield f"{node.lineno}: {ast.unparse(node)}"
            case ast.BinOp(_, ast.MatMult()):
                yield f"{node.lineno}: {ast.unparse(node)}"
            case ast.BinOp(base, ast.Pow(), exponent) | ast.AugAssign(base, ast.Pow(), exponent) if any(
                isinstance(part, ast.Name) for part in (*ast.walk(base), *ast.walk(exponent))
            ):
                yield f"{node.lineno}: {ast.unparse(node)}"
            case ast.Import(names) if {one.name.partition(".")[0] for one in names} & ELSEWHERE:
                yield f"{node.lineno}: {ast.unparse(node)}"
            case ast.ImportFrom(str(module)) if module.partition(".")[0] in ELSEWHERE:
                yield f"{node.lineno}: {ast.unparse(node)}"


def test_what_reaches_a_row_or_a_measure_is_the_same_on_every_machine() -> None:
    """No exponential, logarithm, power or cosine of the C library or of numpy: `world.elementary` and `world.blocks` have them."""
    files = portable()
    assert len(files) > 60
    assert not [
        f"{path.relative_to(ROOT)}:{found}"
        for path in files
        for found in unportable(ast.parse(path.read_text(encoding="utf-8")))
    ]
    told = "import math, scipy.special\nmath.exp(x)\nnp.log(x)\nx ** 0.5\n2.0 ** x\nx **= 2\npow(x, 2)\nfrom math import exp\nmath.sqrt(2.0 ** -53)\n"
    assert len(list(unportable(ast.parse(told)))) == 8
