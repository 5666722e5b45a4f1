"""`Reference`: many arrays handed to a kernel as one pointer.

A named tuple of arrays is passed to every function of a kernel by value, field by field, which makes
compilation of a large kernel take minutes. A reference has the same attributes and is passed as the address
of a table of addresses and shapes. The arrays belong to the Python object, which must outlive the call.
"""

import operator
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, ClassVar, Self

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_builtin
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_global, signature
from numba.extending import (
    NativeValue,
    infer_getattr,
    intrinsic,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.numpy_support import from_dtype

WORDS = 5  # structure: address and up to four lengths of an array
LINE = 64  # structure: bytes of a line of the processor's cache


class Reference:
    """Arrays by name, and the table of their addresses.

    Parameters
    ----------
    fields
        Name -> C-contiguous array of one to four dimensions, or a column made by `pack`.
    """

    frozen = False
    """Whether kernels only read the arrays."""
    variants: ClassVar[tuple[Mapping[str, float], ...]] = ()
    """Arrays that are the same number throughout, by name, the variant with most of them first.

    Kernels are compiled anew for each variant, with these numbers written into them, so that whatever they
    rule out is left out. A reference is of the first variant that holds for it.
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

    def find_variant(self) -> Mapping[str, float]:
        """Return the numbers that kernels may take for granted."""
        for variant in self.variants:
            if all((self._fields[name] == number).all() for name, number in variant.items()):
                return variant
        return {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Give out which columns lie in the same rows, so that a copy is laid out, and typed, as this is."""
        rows: dict[int, list[str]] = {}
        for name, column in self._fields.items():
            if _find_step(column):
                rows.setdefault(id(column.base), []).append(name)
        arrays = {name: np.ascontiguousarray(array) for name, array in self._fields.items()}
        return _restore, (type(self), arrays, list(rows.values()))


def lay_out(kinds: dict[str, Any], n: int) -> dict[str, np.ndarray[Any, Any]]:
    """Return columns, all nought, side by side in memory, so that a row is read in one go.

    Parameters
    ----------
    kinds
        Name -> kind of number: `numpy.int64`, `numpy.int32`, `numpy.uint64` or `numpy.float64`. Kernels read
        and write the shorter whole numbers like the longer ones.
    n
        How many rows.

    Returns
    -------
    dict
        Views of one array of rows. Long rows begin where a line of the processor's cache does.
    """
    row = np.dtype(list(kinds.items()), align=True)
    size = row.itemsize
    if size > LINE // 2:
        size += -size % LINE
    memory = np.zeros(max(n, 1) * size + LINE, dtype=np.uint8)  # numpy forgets the steps of what has no rows
    start = -memory.ctypes.data % LINE
    return {
        name: np.ndarray((max(n, 1),), kind, memory, start + row.fields[name][1], (size,))[:n]  # type: ignore[index]
        for name, kind in kinds.items()
    }


def pack(columns: dict[str, np.ndarray[Any, Any]], n: int) -> dict[str, np.ndarray[Any, Any]]:
    """Return columns as `lay_out` lays them out, in rows of at least `n` of which the first are filled.

    Parameters
    ----------
    columns
        Name -> array of shape (n or fewer,), of whole numbers or reals.
    n
        How many rows.
    """
    packed = lay_out({name: column.dtype.type for name, column in columns.items()}, n)
    for name, column in columns.items():
        packed[name][: len(column)] = column
    return packed


def _restore(
    kind: type[Reference], arrays: dict[str, np.ndarray[Any, Any]], rows: list[list[str]]
) -> Reference:
    """Return the copy of a reference that `Reference.__reduce__` gave out."""
    fields = dict(arrays)
    for names in rows:
        fields |= pack({name: arrays[name] for name in names}, len(arrays[names[0]]))
    return kind(fields)


class ReferenceType(types.Type):  # type: ignore[misc]
    """Type of a reference: what its arrays are, in their order, and whether kernels only read them."""

    def __init__(self, fields: tuple["ColumnType", ...], frozen: bool) -> None:
        self.places = {column.label: (i, column) for i, column in enumerate(fields)}
        written = ",".join(column.name for column in fields)
        name = blake2b(written.encode(), digest_size=WORDS).hexdigest()
        super().__init__(name=f"{'Frozen' if frozen else ''}Reference{name}")


@typeof_impl.register(Reference)
def _typeof(value: Reference, _: Any) -> ReferenceType:
    known = value.__dict__.get("_type")
    if known is None:
        known = ReferenceType(_list_columns(value), value.frozen)
        value.__dict__["_type"] = known
    return known


def _list_columns(reference: Reference) -> tuple["ColumnType", ...]:
    """Return the types of all arrays; a column is found from the first of those in its rows."""
    firsts: dict[int, tuple[int, int]] = {}
    known = reference.find_variant()
    columns = []
    for i, (name, array) in enumerate(reference.list_fields().items()):
        step, first, offset = _find_step(array), i, 0
        if step:
            first, begins = firsts.setdefault(id(array.base), (i, array.ctypes.data))
            offset = array.ctypes.data - begins
        kept, frozen = from_dtype(array.dtype), reference.frozen
        columns.append(ColumnType(name, kept, array.ndim, step, first, offset, frozen, known.get(name)))
    return tuple(columns)


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
    """Type of one array of a reference, which kernels read and write by whole numbers from nought on.

    It says where the array is: the line of the table with the address, and the bytes from there. The
    optimiser is told that no other column lies there, and that what is frozen never changes. A column that
    is the same number throughout is not read at all.
    """

    def __init__(
        self,
        label: str,
        dtype: Any,
        ndim: int,
        step: int,
        line: int,
        offset: int,
        frozen: bool,
        number: float | None,
    ) -> None:
        self.label, self.kept, self.ndim, self.step = label, dtype, ndim, step
        self.dtype = types.int64 if dtype == types.int32 else dtype
        self.line, self.offset, self.frozen, self.number = line, offset, frozen, number
        super().__init__(name=f"Column({label},{dtype},{ndim},{step},{line},{offset},{frozen},{number})")


@register_model(ColumnType)
class _ColumnModel(models.OpaqueModel):  # type: ignore[misc]
    pass


@infer_getattr
class _Attributes(AttributeTemplate):  # type: ignore[misc]
    key = ReferenceType

    def generic_resolve(self, typ: ReferenceType, name: str) -> Any:  # type: ignore[override]
        return typ.places[name][1] if name in typ.places else None


@lower_getattr_generic(ReferenceType)
def _get(context: Any, builder: Any, typ: ReferenceType, value: Any, name: str) -> Any:
    """Return the address of an array's line in the table."""
    return builder.gep(value, [ir.Constant(_WORD, typ.places[name][1].line * WORDS * _BYTES)])


_WORD = ir.IntType(64)  # structure: bits of a word
_BYTES = 8  # structure: bytes of a word
_BITS = 8  # structure: bits of a byte


def _load(builder: Any, column: Any, place: int) -> Any:
    """Return a word of an array's line, which stays the same as long as a kernel runs."""
    words = builder.bitcast(column, _WORD.as_pointer())
    word = builder.load(builder.gep(words, [ir.Constant(_WORD, place)]))
    word.set_metadata("invariant.load", builder.module.add_metadata([]))
    return word


def _mark(builder: Any, typ: ColumnType, access: Any) -> None:
    """Tell the optimiser which column is read or written."""
    module, nought = builder.module, ir.Constant(_WORD, 0)
    column = module.add_metadata([typ.name, module.add_metadata(["columns"]), nought])
    access.set_metadata("tbaa", module.add_metadata([column, column, nought]))


def _find(context: Any, builder: Any, typ: ColumnType, column: Any, indices: list[Any]) -> Any:
    """Return the address of one element; it is not checked that it is there."""
    number = indices[0]
    for axis, index in enumerate(indices[1:], start=1):
        number = builder.add(builder.mul(number, _load(builder, column, 1 + axis)), index)
    kept = context.get_data_type(typ.kept)
    size = typ.step or typ.kept.bitwidth // _BITS
    start = builder.inttoptr(_load(builder, column, 0), cgutils.voidptr_t)
    row = builder.gep(start, [builder.mul(number, ir.Constant(_WORD, size))])
    place = builder.gep(row, [ir.Constant(_WORD, typ.offset)])
    return builder.bitcast(place, kept.as_pointer())


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
    if sig.args[0].number is not None:
        return context.get_constant(sig.return_type, sig.return_type.cast_python_value(sig.args[0].number))
    place = _find(context, builder, sig.args[0], args[0], _split(builder, sig.args[1], args[1]))
    value = builder.load(place)
    if sig.args[0].frozen:
        value.set_metadata("invariant.load", builder.module.add_metadata([]))
    else:
        _mark(builder, sig.args[0], value)
    return context.cast(builder, value, sig.args[0].kept, sig.return_type)


@lower_builtin(operator.setitem, ColumnType, types.int64, types.Any)
@lower_builtin(operator.setitem, ColumnType, types.UniTuple, types.Any)
def _write(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    place = _find(context, builder, sig.args[0], args[0], _split(builder, sig.args[1], args[1]))
    value = context.cast(builder, args[2], sig.args[2], sig.args[0].kept)
    _mark(builder, sig.args[0], builder.store(value, place))
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


def _fetch(_: Any, column: ColumnType, __: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        typ = sig.args[0]
        place = builder.bitcast(_find(context, builder, typ, args[0], [args[1]]), cgutils.voidptr_t)
        number = ir.IntType(32)  # structure: bits of a flag
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        flags = [ir.Constant(number, flag) for flag in (0, 3, 1)]  # structure: to be read, kept long, as data
        for line in range(0, typ.step, LINE):
            there = builder.gep(place, [ir.Constant(_WORD, line - typ.offset)])
            builder.call(prefetch, [there, *flags])
        return context.get_dummy_value()

    return types.none(column, types.int64), generate


fetch: Any = intrinsic(_fetch)
"""Have the processor fetch a whole row, `fetch(column, row)`, while it goes on with something else."""
