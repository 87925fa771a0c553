"""Functions that are called from outside: compiled code is read and run without the compiler, and without the interpreter's lock.

What is kept of a function is the name of its machine code, a line, and this code as the compiler's linker takes it, with
all that it calls. Of the compiler it asks for memory alone, and for what the C library has under another name.
"""

import ctypes
import threading
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any

from accesssim.clinic.compiled.native import Later

SUFFIX = ".code"
_HELPERS = {"_helperlib": ("", "numba_"), "_nrt_python": ("core/runtime", "NRT_")}
"""The compiler's own functions in C that compiled code calls: where in its package, and what their names begin with."""

_lock = threading.Lock()
_linkers: list[Any] = []
"""What holds the memory of the code: as long as this process."""


class Entrance(Later):
    """A function of whole numbers that gives one, called from outside. Others can run Python meanwhile."""

    def __init__(self, function: Callable[..., int]) -> None:
        super().__init__(self._compiler, function)
        self._code: Any = None
        self._folder = Path()

    def _compiler(self) -> Any:
        from numba import njit

        from accesssim.clinic.compiled.pipeline import WHOLE

        return njit(**WHOLE)(self.py_func)

    def keep(self, folder: Path) -> None:
        """Write down what was compiled."""
        import llvmlite.binding as llvm

        (compiled,) = self.made.overloads.values()
        called = {one.name for one in compiled.library._final_module.functions if one.is_declaration}  # noqa: SLF001
        known = dict(_helpers())
        lacking = [name for name in called if not name.startswith("llvm.") and name not in known]
        lacking = [name for name in lacking if not llvm.address_of_symbol(name)]  # nor of the C library
        assert not lacking, f"compiled code asks for {lacking}, which nobody has"
        _, _, (code, _) = compiled.library.serialize_using_object_code()
        name = compiled.fndesc.mangled_name.encode("ascii")
        (folder / f"{self.name}{SUFFIX}").write_bytes(name + b"\n" + code)

    def attach(self, folder: Path) -> None:
        """Code is read from a folder, when it is first called."""
        self._code, self._folder = None, folder

    @property
    def name(self) -> str:
        """Of the function."""
        assert self.py_func is not None
        return self.py_func.__name__

    def __call__(self, *numbers: int) -> int:
        """Run it."""
        if self._code is None:
            with _lock:
                if self._code is None:
                    self._code = _linked((self._folder / f"{self.name}{SUFFIX}").read_bytes(), len(numbers))
        found, error = ctypes.c_int64(), ctypes.c_void_p()
        if self._code(ctypes.byref(found), ctypes.byref(error), *numbers) != 0:
            raise MemoryError("the compiled engine could not go on")
        return found.value


def _linked(kept: bytes, arguments: int) -> Any:
    """The function that was kept, in memory.

    As the compiler lays out a call: where the answer goes, where an error would, and the arguments; it gives 0 where there is none.
    """
    import llvmlite.binding as llvm

    name, _, code = kept.partition(b"\n")
    for symbol, address in _helpers():
        llvm.add_symbol(symbol, address)
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(codemodel="jitdefault")
    linker = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    linker.add_object_file(llvm.ObjectFileRef.from_data(code))
    linker.finalize_object()
    _linkers.append(linker)
    kinds: list[Any] = [ctypes.POINTER(ctypes.c_int64), ctypes.POINTER(ctypes.c_void_p), *[ctypes.c_int64] * arguments]
    return ctypes.CFUNCTYPE(ctypes.c_int32, *kinds)(linker.get_function_address(name.decode("ascii")))


def _helpers() -> Iterator[tuple[str, int]]:
    """Names and addresses of the compiler's functions in C. Its modules of them are read without what else it has in Python."""
    compiler = find_spec("numba")
    (package,) = (compiler and compiler.submodule_search_locations) or [""]
    for name, (folder, prefix) in _HELPERS.items():
        spec = PathFinder.find_spec(name, [str(Path(package) / folder)])
        assert isinstance(spec, ModuleSpec)
        for told, address in module_from_spec(spec).c_helpers.items():
            yield told if told.startswith("_") and prefix == "NRT_" else prefix + told, address
