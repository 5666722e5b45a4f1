"""Storage from a file: sites, rooms, tanks, racks and boxes, each after what it stands in; all or nothing."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from oncopolis.biobank.deciding import Moment
from oncopolis.biobank.importing.files import opened, refuse
from oncopolis.biobank.storage.arranging import add_container
from oncopolis.biobank.storage.asking import AddContainer
from oncopolis.foundation import InputError, OncopolisError
from oncopolis.foundation.errors import Collector
from oncopolis.record import Act as Audited
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.rows import write
from oncopolis.record.store import Store, Transaction

COLUMNS: Final = tuple(AddContainer.model_fields)
_MOST_FAULTS = 1_000  # structure: faults after which reading ends


def import_storage(store: Store, source: Path | bytes, audited: Audited) -> int:
    """Add the containers of a CSV or XLSX file in one transaction; how many.

    Raises
    ------
    InputError, InputErrors
        Everything that is wrong with it (BIO-169 for a cell, else as of the act ``bank_add_container``).
    """
    return store.submit(partial(_import, source, audited), audited).result()


def _import(source: Path | bytes, audited: Audited, transaction: Transaction) -> int:
    books, faults, n = Books(transaction.session), Collector(), 0
    moment = Moment(transaction.now_ms, audited.who, str, lambda _type, _id: None)
    with opened(source, "UTF-8", "") as rows:
        heads = [one.strip() for one in next(rows, ())]
        if not {"name", "kind", "n_columns", "holds"} <= set(heads) <= {*COLUMNS, ""}:
            raise refuse("storage", f"columns {', '.join(heads)}; those of storage are {', '.join(COLUMNS)}")
        for number, cells in enumerate(rows, 2):
            if not any(cells):
                continue
            try:
                asked = _read(dict(zip(heads, cells, strict=False)))
                decision = add_container(books, asked, moment)
                write(transaction.session, decision.rows, decision.events, moment.at_ms, moment.name)
            except OncopolisError as error:
                faults.add(_locate(number, error))
            n += 1
            if len(faults.errors) > _MOST_FAULTS:
                break
    faults.raise_if_any()
    return n


def _read(cells: Mapping[str, str]) -> AddContainer:
    said = {name: text.strip() for name, text in cells.items() if name and text.strip()}
    try:
        return AddContainer.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            code="BIO-169", where=f"container {said.get('name', '')}",
            got=f"{'.'.join(map(str, first['loc']))} {first['input']!s:.60}", expected=first["msg"],
            fix="correct the cell",
        ) from None  # fmt: skip


def _locate(number: int, error: OncopolisError) -> OncopolisError:
    """The same fault with the row it is in."""
    told: dict[str, Any] = {
        "code": error.code, "where": f"row {number}, {error.where}", "got": error.got,
        "expected": error.expected, "fix": error.fix,
    }  # fmt: skip
    return type(error)(**told)
