"""`Reference`: many arrays handed to a kernel as one pointer.

A named tuple of arrays is passed to every function of a kernel by value, field by field, which makes
compilation of a large kernel take minutes. A reference has the same attributes and is passed as the address
of a table of addresses and shapes. The arrays belong to the Python object, which must outlive the call.
"""

from hashlib import blake2b
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype

WORDS = 5  # structure: address and up to four lengths of an array


class Reference:
    """Arrays by name, and the table of their addresses.

    Parameters
    ----------
    fields
        Name -> C-contiguous array of one to four dimensions, or a column made by `pack`.
    """

    def __init__(self, fields: dict[str, np.ndarray[Any, Any]]) -> None:
        self._fields = fields
        self._table = np.zeros((len(fields), WORDS), dtype=np.int64)
        for i, array in enumerate(fields.values()):
            if not array.flags.c_contiguous and array.ndim > 1:
                raise ValueError("a reference holds contiguous arrays and columns only")
            self._table[i, 0] = array.ctypes.data
            self._table[i, 1 : 1 + array.ndim] = array.shape
        self.address = int(self._table.ctypes.data)

    def __getattr__(self, name: str) -> np.ndarray[Any, Any]:
        """Return an array by name."""
        fields = self.__dict__.get("_fields", {})
        if name in fields:
            return fields[name]
        raise AttributeError(name)

    def list_fields(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return all arrays by name."""
        return dict(self._fields)

    def replace(self, **fields: np.ndarray[Any, Any]) -> "Reference":
        """Return a reference in which some arrays are others."""
        return type(self)({**self._fields, **fields})


def pack(columns: dict[str, np.ndarray[Any, Any]], n: int) -> dict[str, np.ndarray[Any, Any]]:
    """Lay columns of 64 bits side by side in memory, so that a row is read in one go.

    Parameters
    ----------
    columns
        Name -> array of shape (n,), of whole numbers or reals.
    n
        How many rows.

    Returns
    -------
    dict
        The same columns as views of one array of shape (n, columns).
    """
    rows = np.zeros((n, len(columns)), dtype=np.int64)
    packed = {}
    for i, (name, column) in enumerate(columns.items()):
        packed[name] = rows.view(column.dtype)[:, i]
        packed[name][:] = column
    return packed


class ReferenceType(types.Type):  # type: ignore[misc]
    """Type of a reference: names, kinds and dimensions of its arrays."""

    def __init__(self, fields: tuple[tuple[str, Any, int, int], ...]) -> None:
        self.fields = fields
        self.places = {name: (i, dtype, ndim, step) for i, (name, dtype, ndim, step) in enumerate(fields)}
        written = ",".join(f"{name}:{dtype}:{ndim}:{step}" for name, dtype, ndim, step in fields)
        super().__init__(name=f"Reference{blake2b(written.encode(), digest_size=WORDS).hexdigest()}")


@typeof_impl.register(Reference)
def _typeof(value: Reference, _: Any) -> ReferenceType:
    known = value.__dict__.get("_type")
    if known is None:
        known = ReferenceType(
            tuple((name, from_dtype(a.dtype), a.ndim, _find_step(a)) for name, a in value.list_fields().items())
        )
        value.__dict__["_type"] = known
    return known


def _find_step(array: np.ndarray[Any, Any]) -> int:
    """Return the bytes from one row of a column to the next; nought for a contiguous array."""
    is_column = array.ndim == 1 and not array.flags.c_contiguous
    return array.strides[0] if is_column else 0


@register_model(ReferenceType)
class _Model(models.OpaqueModel):  # type: ignore[misc]
    pass


@unbox(ReferenceType)
def _unbox(typ: ReferenceType, obj: Any, c: Any) -> NativeValue:
    number = c.pyapi.object_getattr_string(obj, "address")
    address = c.pyapi.number_as_ssize_t(number)
    c.pyapi.decref(number)
    return NativeValue(c.builder.inttoptr(address, cgutils.voidptr_t))


@infer_getattr
class _Attributes(AttributeTemplate):  # type: ignore[misc]
    key = ReferenceType

    def generic_resolve(self, typ: ReferenceType, name: str) -> Any:
        if name in typ.places:
            _, dtype, ndim, step = typ.places[name]
            return types.Array(dtype, ndim, "A" if step else "C")
        return None


@lower_getattr_generic(ReferenceType)
def _get(context: Any, builder: Any, typ: ReferenceType, value: Any, name: str) -> Any:
    i, dtype, ndim, row = typ.places[name]
    kind = types.Array(dtype, ndim, "A" if row else "C")
    word = ir.IntType(64)
    table = builder.bitcast(value, word.as_pointer())

    def load(place: int) -> Any:
        return builder.load(builder.gep(table, [ir.Constant(word, i * WORDS + place)]))

    array = make_array(kind)(context, builder)
    data = builder.inttoptr(load(0), context.get_data_type(dtype).as_pointer())
    shape = [load(1 + axis) for axis in range(ndim)]
    itemsize = ir.Constant(word, context.get_abi_sizeof(context.get_data_type(dtype)))
    strides = []
    step = ir.Constant(word, row) if row else itemsize
    for length in reversed(shape):
        strides.insert(0, step)
        step = builder.mul(step, length)
    populate_array(array, data=data, shape=shape, strides=strides, itemsize=itemsize, meminfo=None)
    return impl_ret_borrowed(context, builder, kind, array._getvalue())
