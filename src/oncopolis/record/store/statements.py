"""Statements that write rows, the same for both databases."""

from functools import cache


@cache
def write_insertion(table: str, columns: tuple[str, ...], n_rows: int) -> str:
    """An INSERT with ``?`` for the values of some rows."""
    return f"INSERT INTO {table} ({', '.join(columns)}) {write_tuples(len(columns), n_rows)}"


@cache
def write_tuples(n_columns: int, n_rows: int) -> str:
    """Rows of ``?``."""
    row = f"({', '.join('?' * n_columns)})"
    return f"VALUES {', '.join([row] * n_rows)}"


@cache
def write_replacement(table: str, columns: tuple[str, ...], n_rows: int) -> str:
    """An INSERT that changes a row whose first column is there already."""
    key, *others = columns
    changes = ", ".join(f"{name} = excluded.{name}" for name in others)
    return f"{write_insertion(table, columns, n_rows)} ON CONFLICT ({key}) DO UPDATE SET {changes}"
