"""A small clinic in which appointments are given, a server of it, and a day replayed against it."""

import json
import socket
from pathlib import Path
from typing import Any

from tests.clinic import build, lay, minutes, row, share, write
from tests.servers import print_a_token, run

DAY = "2033-03-01"
N_CONTACTS = 120


def write_clinic(folder: Path) -> Path:
    """The clinic with appointments and breakdowns."""
    data = build()
    booking = {"no_show": share(0.1), "cancelled": share(0.1)}
    lay(data, "resources.consult_room.booking", booking)
    breakdown = {"every": row(400, "hour"), "repair": minutes(120)}
    lay(data, "resources.consult_room.breakdown", breakdown)
    return write(folder, data)


def find_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def write_token(folder: Path, project: Path, *options: str, home: dict[str, str]) -> Path:
    file = folder / "token"
    file.write_text(print_a_token(project, *options, home=home), "utf-8")
    return file


def replay(project: Path, url: str, token: Path, *options: str, home: dict[str, str]) -> tuple[int, str]:
    """Exit code and output of a replay."""
    return run(
        "replay", str(project), "--day", DAY, "--contacts", str(N_CONTACTS), "--url", url,
        "--token-file", str(token), "--json", *options, home=home,
    )  # fmt: skip


def read_numbers(said: str) -> dict[str, Any]:
    """The numbers, which are the last line."""
    return dict(json.loads(said.rstrip().rpartition("\n")[2]))
