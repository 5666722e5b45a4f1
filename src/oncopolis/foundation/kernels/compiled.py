"""`compiled`: functions of large kernels, compiled once for a kind of argument, optimised where used.

numba makes a version of a function for every constant it is called with, and optimises every function
anew with all it calls, at each level of calls. A large kernel then takes minutes. Functions marked
`compiled` take 1 and 2 both as whole numbers, cannot be called from Python, and are linked and optimised
only as part of the function that Python calls. They give the same results as under `njit`, but for a division
by nought, which gives no error: no call then has to be looked at for how it ended.

Compiling takes seconds the first time of all. Under `interpreted` a thread runs the same functions as plain
Python, some thousand times slower, as long as they are not compiled.
"""

import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from llvmlite.binding import (  # type: ignore[import-untyped]
    Linkage,
    create_new_module_pass_manager,
    create_pass_builder,
    create_pipeline_tuning_options,
)
from numba import njit
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler

F = TypeVar("F", bound=Callable[..., Any])

_thread = threading.local()


@contextmanager
def interpreted() -> Iterator[None]:
    """Let this thread run kernels that are not compiled yet as plain Python, with the same results."""
    _thread.interprets = True
    try:
        with np.errstate(over="ignore"):
            yield
    finally:
        _thread.interprets = False


def _interprets() -> bool:
    return getattr(_thread, "interprets", False)


class _Nowhere:
    """Stands for the generator of a part, whose code has no environment to be told of."""

    def __init__(self, codegen: Any) -> None:
        self._codegen = codegen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._codegen, name)

    def set_env(self, _: str, __: Any) -> None:
        """Do nothing: a part is not loaded, so it has no place for an environment."""


class _Part(JITCodeLibrary):  # type: ignore[misc]
    """Code that is only ever linked into other code."""

    @property
    def codegen(self) -> _Nowhere:
        """The generator, as far as others need it."""
        return _Nowhere(self._codegen)

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout

    def finalize(self) -> None:
        """Leave what is called to be linked once, by the kernel."""
        self._raise_if_finalized()
        self._finalize_final_module()

    def _get_module_for_linking(self) -> Any:
        """Return the code, such that it is linked even where nothing is there yet that calls it."""
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage == Linkage.external:
                function.linkage = Linkage.weak_odr
        return self._final_module

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._final_module.__library = weakref.proxy(self)
        self._finalized = True

    def get_pointer_to_function(self, _: str) -> int:
        """Return nought: nothing of it is called from outside."""
        return 0


class _Kernel(JITCodeLibrary):  # type: ignore[misc]
    """Code that Python calls, with all its parts in it."""

    def finalize(self) -> None:
        """Link all parts, those that parts call included, each once."""
        self._linking_libraries = _list_needed(self._linking_libraries)
        super().finalize()

    def _optimize_final_module(self) -> None:
        """Keep the parts to itself first, so that they may be merged into where they are called.

        What can go wrong is gone once values are in registers; only then is it seen that no call can fail.
        """
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage in (Linkage.weak_odr, Linkage.linkonce_odr):
                function.linkage = Linkage.internal
        passes = create_new_module_pass_manager()
        passes.add_sroa_pass()
        for _ in range(2):
            passes.add_instruction_combine_pass()
            passes.add_simplify_cfg_pass()
            passes.add_ipsccp_pass()
        passes.add_simplify_cfg_pass()
        passes.add_dead_arg_elimination_pass()
        builder = create_pass_builder(self._codegen._tm, create_pipeline_tuning_options())
        passes.run(self._final_module, builder)
        super()._optimize_final_module()


def _list_needed(libraries: Iterable[Any]) -> list[Any]:
    """Return libraries with all that their parts need, each once, parts before what they call of numba's own.

    The linker leaves out what is numba's own as long as nothing calls it.
    """
    found: dict[Any, None] = {}
    left = list(libraries)
    while left:
        library = left.pop()
        if library not in found:
            found[library] = None
            if isinstance(library, _Part):
                left += library._linking_libraries
    return sorted(found, key=lambda library: not isinstance(library, _Part))


class _KernelCompiler(Compiler):  # type: ignore[misc]
    """numba's compiler, which puts its code into a `_Kernel`."""

    def __init__(self, typingctx: Any, targetctx: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(typingctx, targetctx, *args, **kwargs)
        if self.state.library is None:
            self.state.library = _Kernel(targetctx.codegen(), f"kernel{id(self)}")
            self.state.library.enable_object_caching()


def kernel(function: F) -> F:
    """Compile a function that Python calls and that calls `compiled` ones; its code is kept on disk."""
    made: Any = njit(cache=True, nogil=True, error_model="numpy", pipeline_class=_KernelCompiler)(function)
    kept = getattr(getattr(made, "_cache", None), "_cache_file", None)
    if kept is not None:
        kept._source_stamp = _stamp(Path(function.__code__.co_filename).parent)
    compile_for_args = getattr(made, "_compile_for_args", None)
    if compile_for_args is not None:
        # numba calls what this gives back, be it compiled or not.
        made._compile_for_args = lambda *args, **kws: (
            function if _interprets() else compile_for_args(*args, **kws)
        )
    return made  # type: ignore[no-any-return]


@cache
def _stamp(folder: Path) -> str:
    """Return what tells whether code kept on disk is still that of a folder of kernels, and of what it calls.

    numba looks at the one file a kernel stands in, not at those of the parts it calls: these are in its
    folder, in that of its room, and here.
    """
    summed = blake2b(digest_size=16)  # structure: 128 bits
    folders = (folder, folder.parent.parent / folder.name, Path(__file__).parent)
    for path in sorted({path for one in folders for path in one.glob("*.py")}):
        summed.update(path.read_bytes())
    return summed.hexdigest()


class _PartCompiler(Compiler):  # type: ignore[misc]
    """numba's compiler, which puts its code into a `_Part`."""

    def __init__(self, typingctx: Any, targetctx: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(typingctx, targetctx, *args, **kwargs)
        if self.state.library is None:
            self.state.library = _Part(targetctx.codegen(), f"part{id(self)}")


def compiled(function: F) -> F:
    """Compile a function that only other compiled functions call."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "error_model": "numpy"}
    dispatcher: Any = njit(pipeline_class=_PartCompiler, **options)(function)
    inner = getattr(dispatcher, "get_call_template", None)
    if inner is None:
        return function

    def get_call_template(args: Any, kws: Any) -> Any:
        plain = [types.unliteral(arg) for arg in args]
        return inner(plain, {name: types.unliteral(arg) for name, arg in kws.items()})

    def keep(result: Any) -> None:
        dispatcher.overloads[tuple(result.signature.args)] = result

    def refuse(*_: Any, **__: Any) -> F:
        if _interprets():
            return function
        raise TypeError(
            f"{function.__name__} is called by compiled functions only; from Python use its py_func"
        )

    dispatcher.get_call_template = get_call_template
    dispatcher.add_overload = keep
    dispatcher._compile_for_args = refuse
    return dispatcher  # type: ignore[no-any-return]
