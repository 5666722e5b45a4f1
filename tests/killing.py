"""A process that writes to a store until it is killed, and what it was answered by then."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WRITER = Path(__file__).parent / "killed.py"
Answer = tuple[str, int, str]
"""Id and version of a record, and the text that was written."""


@contextmanager
def writer(
    url: str, seed: str, answers: list[Answer], *, n_threads: int, program: Path = WRITER
) -> Iterator[None]:
    """A process that writes, whose answers are written down; killed in the end."""
    command = [sys.executable, str(program), url, str(n_threads), seed]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = process.stdout

        def listen() -> None:
            for line in lines:
                if line.endswith("\n"):
                    id_, version, text = line.split()
                    answers.append((id_, int(version), text))

        listener = threading.Thread(target=listen)
        listener.start()
        try:
            yield
        finally:
            process.send_signal(signal.SIGKILL)
            listener.join()
