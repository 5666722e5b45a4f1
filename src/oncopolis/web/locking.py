"""One server for one database file: the lock that says who has it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oncopolis.foundation import ConflictError


@contextmanager
def hold(file: Path | None) -> Iterator[None]:
    """Keep other servers away from a database file while the block runs.

    The lock goes with the process, however that ends. A database of its own server (None) is not held here:
    it is opened by one alone.

    Raises
    ------
    ConflictError
        Another server has it.
    """
    if file is None or os.name != "posix":
        yield
        return
    import fcntl

    with file.with_name(f"{file.name}.server").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise ConflictError(
                code="REC-132",
                where=str(file),
                got=f"a database that process {lock.read().strip() or 'unknown'} serves",
                expected="one that no other server holds",
                fix="stop that server, or name another database with --database",
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield
