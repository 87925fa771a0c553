"""Elementary functions are near the truth, and the same bits in Python, in numpy and compiled."""

import math

import mpmath
import numpy as np
import pytest
from numba import njit
from scipy import special

from accesssim.clinic.compiled import native, pipeline
from accesssim.study.measuring import student
from accesssim.world import blocks, elementary
from tests.benchmarks.arithmetic import FUNCTIONS, Inputs, errors, inputs, outputs

INF, NAN, LEAST, MOST = math.inf, math.nan, 5e-324, 1.7976931348623157e308

EDGES = {
    "exp": [
        ((0.0,), 1.0), ((-0.0,), 1.0), ((LEAST,), 1.0), ((INF,), INF), ((-INF,), 0.0), ((NAN,), NAN), ((1e300,), INF), ((-1e300,), 0.0),
        ((-745.1332191019411,), LEAST), ((-745.1332191019412,), 0.0), ((709.782712893384,), 1.7976931348622732e308), ((709.7827128933841,), INF),
    ],
    "expm1": [
        ((0.0,), 0.0), ((-0.0,), -0.0), ((LEAST,), LEAST), ((-LEAST,), -LEAST), ((1e-300,), 1e-300), ((INF,), INF), ((-INF,), -1.0), ((NAN,), NAN),
        ((-50.0,), -1.0), ((709.7827128933841,), INF),
    ],
    "log": [
        ((1.0,), 0.0), ((0.0,), -INF), ((-0.0,), -INF), ((-LEAST,), NAN), ((-1.0,), NAN), ((-INF,), NAN), ((INF,), INF), ((NAN,), NAN),
        ((LEAST,), -744.4400719213812), ((MOST,), 709.782712893384),
    ],
    "log1p": [
        ((0.0,), 0.0), ((-0.0,), -0.0), ((LEAST,), LEAST), ((-LEAST,), -LEAST), ((1e-300,), 1e-300), ((-1.0,), -INF), ((-1.0000000000000002,), NAN),
        ((-INF,), NAN), ((INF,), INF), ((NAN,), NAN), ((MOST,), 709.782712893384),
    ],
    "power": [
        ((0.0, 2.0), 0.0), ((0.0, -2.0), INF), ((0.0, 0.0), 1.0), ((2.0, 0.0), 1.0), ((NAN, 0.0), 1.0), ((1.0, NAN), 1.0), ((1.0, INF), 1.0),
        ((NAN, 2.0), NAN), ((2.0, NAN), NAN), ((-2.0, 2.0), NAN), ((-INF, 2.0), NAN), ((INF, 2.0), INF), ((INF, -2.0), 0.0), ((2.0, INF), INF),
        ((2.0, -INF), 0.0), ((0.5, INF), 0.0), ((0.5, -INF), INF), ((0.0, INF), 0.0), ((0.0, -INF), INF), ((2.0, 1024.0), INF),
        ((2.0, -1074.0), LEAST), ((2.0, -1076.0), 0.0), ((MOST, 1.0), MOST), ((LEAST, 1.0), LEAST), ((MOST, MOST), INF),
        ((1.0000000000000002, -MOST), 0.0), ((2.0, LEAST), 1.0), ((3.0, 2.0), 9.0), ((4.0, 0.5), 2.0), ((0.5, 10.0), 0.0009765625),
    ],
    "cosine": [
        ((0.0,), 1.0), ((-0.0,), 1.0), ((LEAST,), 1.0), ((INF,), NAN), ((-INF,), NAN), ((NAN,), NAN), ((1e6,), 0.9367521275331447),
        ((1000000.0000000001,), NAN), ((-1e9,), NAN),
    ],
}  # fmt: skip
BLOCKS = {"exp": blocks.exps, "log": blocks.logs}


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether all bits are equal, signs of zeros among them; one nan is as good as another."""
    return bool(((one.view(np.uint64) == other.view(np.uint64)) | (np.isnan(one) & np.isnan(other))).all())


def any_bits(count: int, columns: int) -> Inputs:
    """Numbers of all kinds: bits at random."""
    return tuple(np.random.default_rng(3).integers(0, 2**64, (columns, count), dtype=np.uint64).view(np.float64))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_within_a_unit_in_the_last_place(name: str) -> None:
    """Some thousands of inputs of every kind; `python -m tests.benchmarks.arithmetic` takes a million."""
    given = inputs(name, 4000, seed=0)
    (found,) = errors(name, given, outputs(FUNCTIONS[name].ours, given))
    assert found.max() < 0.8, [column[found.argmax()] for column in given]
    assert found.mean() < 0.26


@pytest.mark.parametrize("name", FUNCTIONS)
def test_edges(name: str) -> None:
    """Zeros, subnormal numbers, infinities, what is no number, and the ends of the range: of inputs that `math` refuses as well."""
    for given, expected in EDGES[name]:
        found = FUNCTIONS[name].ours(*given)
        assert same(np.array([found]), np.array([expected])), (given, found, expected)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_same_bits_everywhere(name: str) -> None:
    """In Python, in numpy's arrays and compiled, of 120,000 inputs of every kind and as many bits at random; and nothing is fused."""
    function, compiled = FUNCTIONS[name].ours, native.compiled(FUNCTIONS[name].ours)

    @njit(**pipeline.CALLED)
    def one(column, found):
        for number in range(len(found)):
            found[number] = compiled(column[number])

    @njit(**pipeline.CALLED)
    def two(column, other, found):
        for number in range(len(found)):
            found[number] = compiled(column[number], other[number])

    columns = len(EDGES[name][0][0])
    of_all = one if columns == 1 else two
    edges = tuple(np.array([given[column] for given, _ in EDGES[name]]) for column in range(columns))
    for given in (
        inputs(name, 120_000, seed=1),
        any_bits(120_000, columns),
        tuple(map(np.abs, any_bits(10_000, columns))),
        edges,
    ):
        ours, theirs = outputs(function, given), np.empty(len(given[0]))
        of_all(*given, theirs)
        assert same(ours, theirs)
        if name in BLOCKS:
            assert same(ours, BLOCKS[name](*given))
            assert same(ours[:9], BLOCKS[name](given[0][:9]))
    code = "".join(of_all.inspect_asm().values())
    assert not [
        word for word in ("vfmadd", "vfmsub", "vfnmadd", "vfnmsub", "fmadd", "fmsub", "fmla", "fmls") if word in code
    ]


def test_blocks_keep_their_shape() -> None:
    """Also where there is nothing in them, or little, or what is not usual."""
    for shape in ((0,), (3, 2), (40, 2)):
        x = np.linspace(0.5, 2.0, math.prod(shape)).reshape(shape)
        assert blocks.logs(x).shape == blocks.exps(x).shape == shape
        x.ravel()[:1] = 0.0
        assert blocks.logs(x).ravel()[:1].tolist() == [-INF] * min(x.size, 1)


def test_tables_are_exact() -> None:
    """Each entry and its rest together are true to 90 binary places, which is all that they have."""
    with mpmath.workprec(200):
        for i, (centre, high, rest) in enumerate(
            zip(elementary.CENTRES, elementary.LOGS, elementary.LOGS_REST, strict=True)
        ):
            assert centre == ((128 + i) / 256.0 if i < 127 else 1.0)
            assert abs(mpmath.log(centre) - high - rest) < mpmath.mpf(2) ** -95
        for j, (high, rest) in enumerate(zip(elementary.ROOTS, elementary.ROOTS_REST, strict=True)):
            assert abs(mpmath.mpf(2) ** (mpmath.mpf(j) / 256) - high - rest) < mpmath.mpf(2) ** -104
        assert abs(mpmath.log(2) / 256 - elementary.CELL - elementary.CELL_REST) < mpmath.mpf(2) ** -95
    assert [elementary.POWERS_OF_2[n] for n in range(-1022, 1024)] == [math.ldexp(1.0, n) for n in range(-1022, 1024)]


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 30, 99, 199, 200, 5000])
def test_students_t_is_that_of_scipy(freedom: int) -> None:
    """Quantiles and chances; scipy's differ in the last digits from processor to processor."""
    for share in (0.6, 0.9, 0.975, 0.995, 0.999999):
        assert student.quantile(freedom, share) == pytest.approx(special.stdtrit(freedom, share), rel=1e-11)
    for t in (0.0, 0.01, 0.5, 1.0, 2.0, 5.0, 40.0, 1e8):
        assert (
            student.beyond(t, freedom)
            == student.beyond(-t, freedom)
            == pytest.approx(2.0 * special.stdtr(freedom, -t), rel=1e-10, abs=1e-300)
        )
        assert student.below(t, freedom) == pytest.approx(special.stdtr(freedom, t), rel=1e-12)
        assert student.below(-t, freedom) == pytest.approx(1.0 - student.below(t, freedom), abs=1e-15)
    assert student.beyond(INF, freedom) < 1e-90
    assert student.quantile(freedom, 1.0) == INF
