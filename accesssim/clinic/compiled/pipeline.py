"""How the compiler is told not to do for each of a few hundred functions what can be done once for all of them.

Left to itself numba links every function with all that it calls, optimises that, and makes it executable: in many layers that is half of its
time. Here an inner function is typed, lowered and kept as it is; an entrance takes in all that it calls, however far below, and is optimised
once. Passes for what these functions do not use (closures, `with`, literal arguments, arithmetic of whole arrays) are left out as well.

Pipelines of one's own are documented, how the compiler links its libraries is its own affair: so the compiled engine is for the releases in
which this was tried (`engines.COMPILER`), and with any other SimPy's engine gives the same rows.
"""

# mypy: disable-error-code="misc, no-any-return"
# ruff: noqa: SLF001
# the compiler declares no types, and what is overridden is private to it (see above)

from typing import Any

from numba.core import codegen, compiler, compiler_machinery, typed_passes

_UNUSED = {
    "with_lifting",
    "Rewrite dynamic raises",
    "make_function_op_code_to_jit_function",
    "inline_inlinables",
    "find_literally",
    "literal_unroll",
    "LiteralPropagation",
    "nopython_rewrites",
    "dump_parfor_diagnostics",
}
"""Passes by the name that the compiler gives them."""


class _Inner(codegen.JITCodeLibrary):
    """A function that compiled ones call: neither linked nor optimised nor made executable by itself."""

    def finalize(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def add_linking_library(self, library: Any) -> None:
        if library not in self._linking_libraries:
            super().add_linking_library(library)

    def get_pointer_to_function(self, _name: str) -> int:
        self._ensure_finalized()
        return 0

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout

    @property
    def codegen(self) -> Any:
        return self

    def set_env(self, _name: str, _env: object) -> None:
        """Nothing of it is in memory, so there is nothing to be set."""


class _Whole(codegen.JITCodeLibrary):
    """An entrance, with all that it calls."""

    def add_linking_library(self, library: Any) -> None:
        if library not in self._linking_libraries:
            super().add_linking_library(library)
            if isinstance(library, _Inner):
                for within in library._linking_libraries:
                    self.add_linking_library(within)

    def finalize(self) -> None:
        """With the compiler's own last: of these is taken in only what others have called for by then, and what is kept must lack nothing."""
        self._linking_libraries.sort(key=lambda library: not isinstance(library, _Inner))
        super().finalize()

    def _optimize_final_module(self) -> None:
        """Twice, as what is within was not optimised before: once alone runs a few hundredths slower."""
        super()._optimize_final_module()
        super()._optimize_final_module()


class _Passes(compiler_machinery.PassManager):
    """Passes in their order; what is said of each to whoever watches, and looking after each whether it kept the rules, is left out."""

    def _runPass(self, _index: int, one: Any, state: Any) -> None:  # noqa: N802  # the compiler's name
        one.analysis = self._analysis
        one.run_initialization(state)
        one.run_pass(state)
        one.run_finalizer(state)


def _pipeline(name: str, library: Any) -> Any:
    """The compiler's way of going about a function, of which the code is kept in a library of this kind."""

    @compiler_machinery.register_pass(mutates_CFG=True, analysis_only=False)
    class Lowering(typed_passes.NativeLowering):
        _name = name

        def run_pass(self, state: Any) -> bool:
            state.library = library(state.targetctx.codegen(), state.func_id.func_qualname)
            state.library.enable_object_caching()
            return super().run_pass(state)

    class Pipeline(compiler.CompilerBase):
        def define_pipelines(self) -> list[Any]:
            made = _Passes(name)
            for one, told in compiler.DefaultPassBuilder.define_nopython_pipeline(self.state).passes:
                if one.name() not in _UNUSED:
                    made.add_pass(Lowering if one is typed_passes.NativeLowering else one, told)
            made.finalize()
            return [made]

    return Pipeline


_NOT_FROM_PYTHON = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}

CALLED: dict[str, Any] = {"error_model": "numpy", "pipeline_class": _pipeline("whole_lowering", _Whole)}
"""What numba is told of a function that takes in all that it calls."""

WHOLE: dict[str, Any] = CALLED | _NOT_FROM_PYTHON
"""The same of an entrance, whose machine code is called."""

INNER: dict[str, Any] = WHOLE | {"pipeline_class": _pipeline("inner_lowering", _Inner)}
"""What numba is told of a function that compiled ones call."""
