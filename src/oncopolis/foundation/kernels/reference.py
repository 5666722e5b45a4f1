"""`Reference`: many arrays handed to a kernel as one pointer.

A named tuple of arrays is passed to every function of a kernel by value, field by field, which makes
compilation of a large kernel take minutes. A reference has the same attributes and is passed as the address
of a table of addresses and shapes. The arrays belong to the Python object, which must outlive the call.
"""

import operator
from hashlib import blake2b
from typing import Any, Self

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_builtin
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_global, signature
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.numpy_support import from_dtype

WORDS = 5  # structure: address and up to four lengths of an array


_Table = tuple[np.ndarray[Any, Any], list[tuple[str, str, int, int]]]
"""Rows, and of each column the name, kind of number, length and place in a row."""


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

    def replace(self, **fields: np.ndarray[Any, Any]) -> Self:
        """Return a reference in which some arrays are others."""
        return type(self)({**self._fields, **fields})

    def __reduce__(self) -> tuple[Any, ...]:
        """Give out columns with the rows they lie in, so that a copy is laid out, and typed, as this is."""
        tables: dict[int, _Table] = {}
        for name, column in self._fields.items():
            if _find_step(column):
                rows = _find_rows(column)
                place = (column.ctypes.data - rows.ctypes.data) // rows.itemsize
                tables.setdefault(id(rows), (rows, []))[1].append(
                    (name, column.dtype.str, len(column), place)
                )
        plain = {name: array for name, array in self._fields.items() if not _find_step(array)}
        return _restore, (type(self), tuple(self._fields), plain, list(tables.values()))


def lay_out(kinds: dict[str, Any], n: int) -> dict[str, np.ndarray[Any, Any]]:
    """Return columns of 64 bits, all nought, side by side in memory, so that a row is read in one go.

    Parameters
    ----------
    kinds
        Name -> kind of number, such as `numpy.int64`.
    n
        How many rows.

    Returns
    -------
    dict
        Views of one array of shape (n, columns).
    """
    rows = np.zeros((max(n, 1), len(kinds)), dtype=np.int64)  # numpy forgets the steps of what has no rows
    return {name: rows.view(kind)[:n, i] for i, (name, kind) in enumerate(kinds.items())}


def pack(columns: dict[str, np.ndarray[Any, Any]], n: int) -> dict[str, np.ndarray[Any, Any]]:
    """Return columns as `lay_out` lays them out, in rows of at least `n` of which the first are filled.

    Parameters
    ----------
    columns
        Name -> array of shape (n or fewer,), of whole numbers or reals.
    n
        How many rows.
    """
    packed = lay_out({name: column.dtype for name, column in columns.items()}, n)
    for name, column in columns.items():
        packed[name][: len(column)] = column
    return packed


def _find_rows(column: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the rows a column was laid out in."""
    rows = column.base
    while isinstance(rows, np.ndarray) and isinstance(rows.base, np.ndarray) and rows.base.ndim == 2:
        rows = rows.base
    if not isinstance(rows, np.ndarray) or rows.ndim != 2:
        raise ValueError("a column lies in rows of two dimensions")
    return rows


def _restore(
    kind: type[Reference],
    names: tuple[str, ...],
    plain: dict[str, np.ndarray[Any, Any]],
    tables: list[_Table],
) -> Reference:
    """Return the copy of a reference that `Reference.__reduce__` gave out."""
    fields = dict(plain)
    for rows, columns in tables:
        fields |= {name: rows.view(dtype)[:n, place] for name, dtype, n, place in columns}
    return kind({name: fields[name] for name in names})


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
            tuple(
                (name, from_dtype(a.dtype), a.ndim, _find_step(a)) for name, a in value.list_fields().items()
            )
        )
        value.__dict__["_type"] = known
    return known


def _find_step(array: np.ndarray[Any, Any]) -> int:
    """Return the bytes from one row of a column to the next; nought for a contiguous array.

    The flags of an array do not tell: numpy calls every array of one row contiguous.
    """
    is_column = array.ndim == 1 and array.strides[0] != array.itemsize
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


class ColumnType(types.Type):  # type: ignore[misc]
    """Type of one array of a reference, which kernels read and write by whole numbers from nought on."""

    def __init__(self, dtype: Any, ndim: int, step: int) -> None:
        self.dtype, self.ndim, self.step = dtype, ndim, step
        super().__init__(name=f"Column({dtype},{ndim},{step})")


@register_model(ColumnType)
class _ColumnModel(models.OpaqueModel):  # type: ignore[misc]
    pass


@infer_getattr
class _Attributes(AttributeTemplate):  # type: ignore[misc]
    key = ReferenceType

    def generic_resolve(self, typ: ReferenceType, name: str) -> Any:  # type: ignore[override]
        if name in typ.places:
            _, dtype, ndim, step = typ.places[name]
            return ColumnType(dtype, ndim, step)
        return None


@lower_getattr_generic(ReferenceType)
def _get(context: Any, builder: Any, typ: ReferenceType, value: Any, name: str) -> Any:
    """Return the address of an array's line in the table."""
    place = typ.places[name][0]
    return builder.gep(value, [ir.Constant(_WORD, place * WORDS * _BYTES)])


_WORD = ir.IntType(64)  # structure: bits of a word
_BYTES = 8  # structure: bytes of a word


def _load(builder: Any, column: Any, place: int) -> Any:
    words = builder.bitcast(column, _WORD.as_pointer())
    return builder.load(builder.gep(words, [ir.Constant(_WORD, place)]))


def _find(context: Any, builder: Any, typ: ColumnType, column: Any, indices: list[Any]) -> Any:
    """Return the address of one element; it is not checked that it is there."""
    number = indices[0]
    for axis, index in enumerate(indices[1:], start=1):
        number = builder.add(builder.mul(number, _load(builder, column, 1 + axis)), index)
    size = typ.step or context.get_abi_sizeof(context.get_data_type(typ.dtype))
    offset = builder.mul(number, ir.Constant(_WORD, size))
    address = builder.add(_load(builder, column, 0), offset)
    return builder.inttoptr(address, context.get_data_type(typ.dtype).as_pointer())


def _to_indices(typ: ColumnType, index: Any) -> Any:
    """Return the type an index is cast to; None if it does not fit the array."""
    if isinstance(index, types.Integer | types.Boolean) and typ.ndim == 1:
        return types.int64
    if isinstance(index, types.BaseTuple) and len(index) == typ.ndim:
        return types.UniTuple(types.int64, typ.ndim)
    return None


@infer_global(operator.getitem)
class _GetItem(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, _: Any) -> Any:
        if isinstance(args[0], ColumnType) and (index := _to_indices(args[0], args[1])) is not None:
            return signature(args[0].dtype, args[0], index)
        return None


@infer_global(operator.setitem)
class _SetItem(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, _: Any) -> Any:
        if isinstance(args[0], ColumnType) and (index := _to_indices(args[0], args[1])) is not None:
            return signature(types.none, args[0], index, args[0].dtype)
        return None


@lower_builtin(operator.getitem, ColumnType, types.int64)
@lower_builtin(operator.getitem, ColumnType, types.UniTuple)
def _read(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    place = _find(context, builder, sig.args[0], args[0], _split(builder, sig.args[1], args[1]))
    return builder.load(place)


@lower_builtin(operator.setitem, ColumnType, types.int64, types.Any)
@lower_builtin(operator.setitem, ColumnType, types.UniTuple, types.Any)
def _write(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    place = _find(context, builder, sig.args[0], args[0], _split(builder, sig.args[1], args[1]))
    builder.store(args[2], place)
    return context.get_dummy_value()


def _split(builder: Any, typ: Any, value: Any) -> list[Any]:
    return cgutils.unpack_tuple(builder, value) if isinstance(typ, types.BaseTuple) else [value]


@infer_global(len)
class _Len(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, _: Any) -> Any:
        return signature(types.int64, args[0]) if isinstance(args[0], ColumnType) else None


@lower_builtin(len, ColumnType)
def _count(_: Any, builder: Any, __: Any, args: Any) -> Any:
    return _load(builder, args[0], 1)
