"""Statements that write rows, the same for both databases."""

from functools import cache


@cache
def write_insertion(table: str, columns: tuple[str, ...], n_rows: int) -> str:
    """An INSERT with ``?`` for the values of some rows."""
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * n_rows)}"  # noqa: S608


@cache
def write_replacement(table: str, columns: tuple[str, ...], n_rows: int) -> str:
    """An INSERT that changes a row whose first column is there already."""
    key, *others = columns
    changes = ", ".join(f"{name} = excluded.{name}" for name in others)
    return f"{write_insertion(table, columns, n_rows)} ON CONFLICT ({key}) DO UPDATE SET {changes}"
