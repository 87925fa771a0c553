"""How the compiled engine is made: records as they are told, functions that say what they stand for."""

import ast
from itertools import pairwise
from pathlib import Path

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from accesssim.clinic import compiled
from accesssim.clinic.compiled import pipeline
from accesssim.clinic.compiled.layout import LINE, Int16, layout
from accesssim.clinic.compiled.records import AwaitsAssessment, InPlace, InTape, OnList, Person
from accesssim.clinic.compiled.scenario_records import Group, Stage
from accesssim.clinic.compiled.scenario_records import Path as Pathway
from accesssim.clinic.compiled.turns import in_turn


def test_what_belongs_to_where_somebody_is_shares_one_place() -> None:
    """So that a person takes 96 bytes, whatever they do."""
    person = layout(Person)
    firsts = [next(iter(layout(state).names)) for state in (InTape, AwaitsAssessment, OnList, InPlace)]
    assert len({person.fields[name][1] for name in firsts}) == 1
    own = [name for name in Person.__annotations__ if name in person.names]
    places = sorted((person.fields[name][1], person.fields[name][0].itemsize) for name in own)
    assert all(one + size <= other for (one, size), (other, _) in pairwise(places))
    assert person.itemsize == 96
    assert person.itemsize % (LINE // 2) == 0


def test_fields_stand_widest_first() -> None:
    """Nothing is lost between them, whatever the order in which they are told."""

    class Mixed:
        small: Int16
        switch: bool
        wide: float
        number: int

    found = layout(Mixed)
    assert found.names == ("small", "switch", "wide", "number")
    assert [found.fields[name][1] for name in found.names] == [16, 18, 0, 8]
    assert found.itemsize == 24


def test_a_section_is_a_record_of_its_numbers_and_switches() -> None:
    """By the names of the declared parameters; what is worked out of it stands beside them."""
    assert layout(Stage)["demand"]["severity_mean"] == np.dtype("f8")
    assert layout(Stage)["loops"]["giving_up"] == np.dtype("?")
    assert {"wte", "salary", "slots_limit"} <= set(layout(Group).names)
    assert {"seats", "session_hours", "group_number"} <= set(layout(Pathway).names)
    assert not {"takes_from", "stay", "starts", "places"} & set(layout(Pathway).names)


def test_what_no_record_can_hold_is_refused() -> None:
    """Words and lists have no place in it."""

    class Told:
        name: str

    with pytest.raises(TypeError, match=r"Told\.name is of no type that a record can hold"):
        layout(Told)


def test_every_function_says_what_it_is_for() -> None:
    """Or which method of the readable engine it stands for."""
    silent = [
        f"{path.stem}.{node.name}"
        for path in sorted(Path(compiled.__file__).parent.glob("*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not ast.get_docstring(node)
    ]
    assert silent == ["arrays.numbers"] * 3  # what it may be asked for


def test_turns_are_those_of_a_stable_sort() -> None:
    """Equal keys keep their order, as numpy's stable sort has it; from nobody to some thousands."""

    @numba.njit(**pipeline.CALLED)
    def turns(keys: NDArray[np.int64]) -> NDArray[np.int64]:
        return in_turn(keys)

    draw = np.random.default_rng(1)
    for count in (0, 1, 2, 3, 7, 8, 9, 1000, 4099):
        for most in (1, 5, 10**9):
            keys = draw.integers(0, most, count)
            assert turns(keys).tolist() == np.argsort(keys, kind="stable").tolist()
