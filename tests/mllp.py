"""The other end of MLLP: a sender that waits for answers, and a receiver that gives those it is told to."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Self

from oncopolis.interop.hl7 import parse
from oncopolis.interop.hl7.framing import Frames, wrap


class Caller:
    """A connection to a listener."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.line = socket.create_connection(address, 20)
        self.frames = Frames(1_000_000)
        self.waiting: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()

    def say(self, data: bytes) -> None:
        self.line.sendall(data)

    def hear(self) -> bytes:
        """The next answer, nothing at the end."""
        while not self.waiting:
            data = self.line.recv(65_536)
            if not data:
                return b""
            self.waiting += self.frames.feed(data)
        return self.waiting.pop(0)

    def ask(self, message: bytes) -> bytes:
        self.say(wrap(message))
        return self.hear()


@contextmanager
def receiver(answer: Callable[[bytes], bytes | None], port: int = 0) -> Iterator[tuple[int, list[bytes]]]:
    """A partner: its port, and what it has heard. It hangs up where the answer is None."""
    heard: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", port))
    stopped = threading.Event()

    def serve() -> None:
        while not stopped.is_set():
            try:
                line, _ = listening.accept()
            except OSError:
                return
            with line, suppress(OSError):
                line.settimeout(20)
                converse(line)

    def converse(line: socket.socket) -> None:
        frames = Frames(1_000_000)
        while data := line.recv(65_536):
            for message in frames.feed(data):
                heard.append(message)
                told = answer(message)
                if told is None:
                    return
                line.sendall(wrap(told))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], heard
    finally:
        stopped.set()
        listening.close()


def acknowledge(message: bytes, code: str = "AA") -> bytes:
    """What a simple system answers."""
    control_id = parse(message).control_id
    return (
        f"MSH|^~\\&|HIS|CITY|ONCOPOLIS|CENTRE|2026||ACK|x|P|2.5\rMSA|{code}|{control_id}|because\r".encode()
    )
