"""Files refused for their size, before they are read."""

from pathlib import Path

from oncopolis.foundation.errors import InputError

_MEBIBYTE = 1 << 20  # structure: a mebibyte


def check_size(path: Path, limit_bytes: int, fix: str) -> int:
    """Return the size of a file that is there and not larger than a limit, in bytes.

    Parameters
    ----------
    path
        File.
    limit_bytes
        What it may have at most.
    fix
        What to do with one that is too large.

    Raises
    ------
    InputError
        FIL-001 if it cannot be read, FIL-005 if it is too large.
    """
    try:
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except OSError as error:
        raise InputError(
            code="FIL-001",
            where=str(path),
            got=error.strerror or "an unreadable file",
            expected="a readable file",
            fix="check the path and its permissions",
        ) from error
    if size > limit_bytes:
        raise make_too_large(path, size, limit_bytes, fix)
    return size


def make_too_large(path: Path, size_bytes: int, limit_bytes: int, fix: str) -> InputError:
    """Make the error FIL-005 for a file that has, or by now is read beyond, its limit."""
    return InputError(
        code="FIL-005",
        where=str(path),
        got=f"{size_bytes / _MEBIBYTE:,.1f} MiB or more",
        expected=f"at most {limit_bytes / _MEBIBYTE:,.0f} MiB",
        fix=fix,
    )
