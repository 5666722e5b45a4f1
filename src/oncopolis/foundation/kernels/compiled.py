"""`compiled`: functions of kernels, compiled once for a kind of argument and not once for each constant."""

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit
from numba.core import types

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function that only other compiled functions call.

    numba makes a version of a function for every constant it is called with; a large kernel then takes
    minutes. Here 1 and 2 are both whole numbers. Without a way in from Python it compiles in half the time.
    """
    dispatcher = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    inner = getattr(dispatcher, "get_call_template", None)
    if inner is None:
        return function

    def get_call_template(args: Any, kws: Any) -> Any:
        plain = [types.unliteral(arg) for arg in args]
        return inner(plain, {name: types.unliteral(arg) for name, arg in kws.items()})

    dispatcher.get_call_template = get_call_template
    return dispatcher  # type: ignore[no-any-return]
