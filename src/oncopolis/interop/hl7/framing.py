"""MLLP: messages in a stream of bytes, between a vertical tab and a file separator with a carriage return."""

from collections.abc import Iterator
from typing import Final

from oncopolis.interop.hl7.refusing import Refusal, show

__all__ = ["Frames", "wrap"]

START: Final = b"\x0b"
END: Final = b"\x1c"
_BETWEEN: Final = b"\r\n \t\x00"
"""What careless senders leave between frames."""


def wrap(message: bytes) -> bytes:
    """Put a message into a frame."""
    return START + message + END + b"\r"


class Frames:
    """Takes bytes as they arrive, gives whole messages.

    Parameters
    ----------
    longest
        Bytes of a message at most.
    """

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self._open: bytearray | None = None

    @property
    def is_within(self) -> bool:
        """Whether a frame was begun and is not ended."""
        return self._open is not None

    @property
    def head(self) -> bytes:
        """What has come of a frame that was begun."""
        return bytes(self._open or b"")

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the messages that are whole now.

        A frame that begins within another drops what came of that: its sender has started again.

        Raises
        ------
        Refusal
            There is something between frames, or a message is too long.
        """
        while data:
            if self._open is None:
                data = data.lstrip(_BETWEEN)
                if not data:
                    return
                if not data.startswith(START):
                    raise Refusal(
                        code="INT-010", where="stream", got=show(data[:8]), expected="a frame (0x0B)"
                    )
                self._open, data = bytearray(), data[1:]
            part, end, rest = data.partition(END)
            part = self._restart(part)
            self._open += part
            if len(self._open) > self.longest:
                raise Refusal(
                    code="INT-011", where="message", got=f"more than {self.longest} bytes",
                    expected=f"at most {self.longest}",
                )  # fmt: skip
            data = rest
            if end:
                whole, self._open = bytes(self._open), None
                yield whole

    def _restart(self, part: bytes) -> bytes:
        _, again, last = part.rpartition(START)
        if again:
            self._open = bytearray()
            return last
        return part
