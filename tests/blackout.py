"""A disk that remembers every write, cut and sync of SQLite, so that a power cut can be played at any one.

What was synced is there after a power cut. Of what was written to a file since its last sync, a disk may have
kept everything, nothing, some of it, or a part of the last write: `play` makes the files as they would be.
"""

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import apsw

SECTOR = 512
Keep = Callable[["Write"], int | None]
"""How many bytes of an un-synced write the disk kept; None for all."""


@dataclass(frozen=True)
class Write:
    """Bytes written to a file, or with `data` None its being cut to `offset` bytes."""

    file: str
    offset: int
    data: bytes | None


@dataclass(frozen=True)
class Sync:
    """All that was written to a file before is on the disk."""

    file: str


@dataclass(frozen=True)
class Gone:
    """A file was deleted."""

    file: str


@dataclass(frozen=True)
class Answer:
    """Somebody was told that something is done."""

    what: Any


Step = Write | Sync | Gone | Answer


@dataclass
class Tape:
    """All steps in their order; the disk writes it, and whoever answers adds that."""

    steps: list[Step] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    trouble: apsw.Error | None = None
    """What every write and sync fails with from now on."""

    def add(self, step: Step) -> None:
        """Put a step at the end."""
        with self.lock:
            self.steps.append(step)

    def fail(self) -> None:
        """Fail, if the disk is in trouble."""
        if self.trouble is not None:
            raise self.trouble

    def list_answers(self, end: int) -> list[Any]:
        """Everything answered before step `end`."""
        return [step.what for step in self.steps[:end] if isinstance(step, Answer)]


class _File(apsw.VFSFile):
    def __init__(self, tape: Tape, name: Any, flags: Any) -> None:
        super().__init__("", name, flags)
        self._tape = tape
        self._name = Path(name.filename() if isinstance(name, apsw.URIFilename) else name or "").name

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        self._tape.fail()
        super().xWrite(data, offset)
        self._tape.add(Write(self._name, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802 - SQLite's name
        super().xTruncate(size)
        self._tape.add(Write(self._name, size, None))

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        self._tape.fail()
        super().xSync(flags)
        self._tape.add(Sync(self._name))


class RememberingDisk(apsw.VFS):
    """A VFS over the ordinary one that writes down what it does.

    Parameters
    ----------
    name
        What connections ask for.
    tape
        Where it is written down.
    """

    def __init__(self, name: str, tape: Tape) -> None:
        super().__init__(name, "")
        self._tape = tape

    def xOpen(self, name: Any, flags: Any) -> _File:  # noqa: N802 - SQLite's name
        return _File(self._tape, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802 - SQLite's name
        super().xDelete(name, sync)
        self._tape.add(Gone(Path(name).name))


def play(steps: list[Step], folder: Path, keep: Keep) -> None:
    """Write the files as a disk had them when the power went after `steps`.

    Parameters
    ----------
    keep
        Says of each un-synced write how much of it the disk kept.
    """
    files: dict[str, bytearray] = {}
    waiting: dict[str, list[Write]] = {}
    for step in steps:
        match step:
            case Write():
                waiting.setdefault(step.file, []).append(step)
                files.setdefault(step.file, bytearray())
            case Sync():
                for write in waiting.pop(step.file, []):
                    _apply(files[step.file], write, None)
            case Gone():
                files.pop(step.file, None)
                waiting.pop(step.file, None)
            case Answer():
                pass
    for name, writes in waiting.items():
        for write in writes:
            _apply(files[name], write, keep(write))
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if not name.endswith("-shm"):
            (folder / name).write_bytes(content)


def _apply(content: bytearray, write: Write, n_bytes: int | None) -> None:
    if write.data is None:
        if n_bytes is None:
            del content[write.offset :]
        return
    data = write.data if n_bytes is None else write.data[:n_bytes]
    if not data:
        return
    if len(content) < write.offset:
        content.extend(bytes(write.offset - len(content)))
    content[write.offset : write.offset + len(data)] = data


def list_ways(steps: list[Step], seed: int) -> Iterator[tuple[Literal["all", "none", "some", "torn"], Keep]]:
    """Yield the ways in which a disk may have kept what was not synced."""
    yield "all", lambda _: None
    yield "none", lambda _: 0
    for n in range(2):
        dice = random.Random(f"{seed}/{len(steps)}/{n}")
        yield "some", lambda _, dice=dice: None if dice.random() < 0.5 else 0  # type: ignore[misc]
    last = next((step for step in reversed(steps) if isinstance(step, Write)), None)
    if last is not None and last.data:
        torn = (len(last.data) - 1) // SECTOR * SECTOR
        yield "torn", lambda write: torn if write is last else None
