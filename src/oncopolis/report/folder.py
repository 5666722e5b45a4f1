"""Files of a document in their folder: all or none."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from oncopolis.foundation import InputError

Advance = Callable[[str, float], None]
"""Called with what is being done and the share of the work that is done, 0 to 1."""


def check_folder(out: Path, names: Iterable[str] = ()) -> None:
    """Try whether files can be written to a folder; what had to be made for that is taken away again.

    Parameters
    ----------
    out
        Folder.
    names
        Files that will be written there.

    Raises
    ------
    InputError
        REP-001 if the folder cannot be made, is a file, or refuses files.
    """
    missing = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
        for name in names:
            if (out / name).is_dir():
                raise IsADirectoryError(0, f"a folder named {name}", str(out / name))
        for folder in missing:
            folder.rmdir()
    except OSError as error:
        raise InputError(
            code="REP-001",
            where=f"--out {out}",
            got=(error.strerror or str(error)).lower(),
            expected="a folder that files can be written to",
            fix="choose another folder, or allow writing to this one",
        ) from error


def write_files(
    out: Path, writers: Mapping[str, Callable[[], bytes]], on_progress: Advance | None = None
) -> list[Path]:
    """Write files into a folder, made if missing.

    Everything is made in a hidden folder inside `out` and moved into place when complete, so that a
    failure leaves nothing half-written.

    Parameters
    ----------
    out
        Folder that `check_folder` found fit.
    writers
        File -> what makes its bytes.
    on_progress
        Told what is being written, with the share done.

    Returns
    -------
    list of Path
        The files, in the order of `writers`.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=out) as made:
        for i, (name, write) in enumerate(writers.items()):
            if on_progress:
                on_progress(name, i / len(writers))
            (Path(made) / name).write_bytes(write())
        for name in writers:
            (Path(made) / name).replace(out / name)
    if on_progress:
        on_progress("written", 1)
    return [out / name for name in writers]
