"""The machine beside a replay: how quickly its disk syncs, and what the server's processes take of it."""

import os
import socket
import statistics
import time
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

N_SYNCS: Final = 200  # structure: enough for a 99th percentile
_BYTES: Final = 4096  # structure: a page of a database
_MS: Final = 1000  # structure: milliseconds of a second
_HIGH: Final = 0.99  # structure: which quantile is told beside the median
_LISTENS: Final = "0A"
"""State of a listening socket in /proc/net/tcp."""
_STATE, _INODE = 3, 9  # structure: columns of /proc/net/tcp
_USER, _SYSTEM = 11, 12  # structure: fields of /proc/PID/stat after the name


def measure_disk(folder: Path) -> tuple[float, float]:
    """Return median and 99th percentile of a small write and its sync in a folder, milliseconds."""
    took: list[float] = []
    with TemporaryFile(dir=folder) as file:
        for _ in range(N_SYNCS):
            file.write(bytes(_BYTES))
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began) * _MS)
    return statistics.median(took), find_quantile(took, _HIGH)


def find_quantile(values: list[float], share: float) -> float:
    """Return the value that `share` of them stay below; nought of nothing."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)] if values else 0.0


def find_server(host: str, port: int) -> int | None:
    """Return the process that listens at an address of this machine; None if that cannot be known."""
    try:
        address = socket.gethostbyname(host)
    except OSError:
        return None
    if not address.startswith("127.") or not Path("/proc/net/tcp").exists():
        return None
    inodes = {f"socket:[{inode}]" for inode in _list_listening(port)}
    for process in Path("/proc").iterdir():
        if process.name.isdecimal() and inodes & _list_files(process):
            return int(process.name)
    return None


def _list_listening(port: int) -> list[str]:
    lines = Path("/proc/net/tcp").read_text("utf-8").splitlines()[1:]
    rows = [line.split() for line in lines]
    return [row[_INODE] for row in rows if row[_STATE] == _LISTENS and row[1].endswith(f":{port:04X}")]


def _list_files(process: Path) -> set[str]:
    try:
        return {str(file.readlink()) for file in (process / "fd").iterdir()}
    except OSError:
        return set()


def measure_cpu(process: int) -> float:
    """Return CPU seconds of a process and of its children that run; nought once it is gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
        children = Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split()
    except OSError:
        return 0.0
    own = (int(fields[_USER]) + int(fields[_SYSTEM])) / os.sysconf("SC_CLK_TCK")
    return own + sum(measure_cpu(int(child)) for child in children)
