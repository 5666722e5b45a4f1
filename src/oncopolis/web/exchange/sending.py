"""MLLP out: a thread for each partner sends what the outbox has for it, in its order, and reads the answers.

A partner that is away is tried again until it is back, and nothing overtakes what waits for it; a message
that it refuses several times is dead, somebody has to look, and the next one goes.
"""

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Final, Self

from oncopolis.foundation import OncopolisError
from oncopolis.interop.hl7.acknowledging import read_answer
from oncopolis.interop.hl7.framing import Frames, wrap
from oncopolis.interop.hl7.message import Message
from oncopolis.interop.hl7.refusing import Refusal
from oncopolis.interop.messages.announcing import get_kind
from oncopolis.interop.messages.composing import compose
from oncopolis.interop.settings import Sending, Settings
from oncopolis.record.store import Store
from oncopolis.record.store.outbox import Job, Retry
from oncopolis.record.store.store import get_time_ms

__all__ = ["Patience", "Senders"]

_LEASE_MS: Final = 60_000  # structure: longer than a message takes with its answer
_CHUNK: Final = 65_536  # structure: bytes read at once
_LONGEST_ANSWER: Final = 1_000_000  # structure: far more than an acknowledgement has
_END_S: Final = 5.0  # structure: how long an answer is waited for once the server is to stop
_FOR_EVER: Final = 2**31 - 1  # structure: largest number of attempts the database holds
_ACCEPTED: Final = frozenset({"AA", "CA"})


class Patience:
    """How long is waited.

    Attributes
    ----------
    away
        For a partner that cannot be reached.
    refused
        For a message that it refuses.
    answer_s
        For a connection, and for an answer.
    look_s
        Between looks into the outbox.
    """

    away = Retry(n_attempts=_FOR_EVER, first_ms=1_000, longest_ms=60_000)  # structure: doubled up to a minute
    refused = Retry(n_attempts=3, first_ms=5_000, longest_ms=60_000)  # structure: it may have been busy
    answer_s: float = 30.0  # structure: longer than a neighbour takes
    look_s: float = 0.5  # structure: how late a message may be


class _AwayError(Exception):
    """The partner cannot be reached, or does not answer."""


class Senders:
    """Sends while the block runs."""

    def __init__(
        self, store: Store, settings: Settings, say: Callable[[str], None], patience: Patience | None = None
    ) -> None:
        self._stopping = Event()
        rule = patience or Patience()
        self._senders = [
            _Sender(store, settings, key, partner.send, say, rule, self._stopping)
            for key, partner in settings.partners.items()
            if partner.send is not None
        ]
        self._threads = [Thread(target=one.run, name=f"hl7 to {one.partner}") for one in self._senders]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for sender, thread in zip(self._senders, self._threads, strict=True):
            thread.join(_END_S)
            sender.interrupt()
            thread.join()


class _Sender:
    def __init__(
        self,
        store: Store,
        settings: Settings,
        partner: str,
        sending: Sending,
        say: Callable[[str], None],
        patience: Patience,
        stopping: Event,
    ) -> None:
        self.store, self.settings, self.partner, self.sending = store, settings, partner, sending
        self.say, self.patience, self.stopping = say, patience, stopping
        self.line: socket.socket | None = None
        self.is_away = False

    def run(self) -> None:
        while not self.stopping.is_set():
            job = None
            with suppress(OncopolisError):  # A database that is away now may be back at the next look.
                job = self.store.jobs.take_first(get_kind(self.partner), lease_ms=_LEASE_MS)
            if job is None:
                self.stopping.wait(self.patience.look_s)
                continue
            with suppress(OncopolisError):  # Its lease runs out, and it is sent again.
                self._do(job)
        self._hang_up()

    def interrupt(self) -> None:
        """Wait for an answer no longer: the message is sent again at the next start."""
        if self.line is not None:
            with suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)

    def _do(self, job: Job) -> None:
        try:
            message = compose(self.store, self.settings, self.partner, job, get_time_ms())
            if message is not None:
                refused = self._send(message)
                if refused:
                    self._fail(job, refused, self.patience.refused)
                    return
            self.store.jobs.finish(job)
        except _AwayError as error:
            self._hang_up()
            if not self.is_away:
                self.say(f"hl7: {self.partner} cannot be reached: {error}; its messages wait")
            self.is_away = True
            self._fail(job, str(error), self.patience.away)
        except OncopolisError as error:
            self._fail(job, str(error), Retry(n_attempts=job.attempts))

    def _send(self, message: Message) -> str:
        """Send a message and read the answer; why it was refused, '' if it was not."""
        data = wrap(message.to_bytes())
        try:
            line = self._connect()
            line.sendall(data)
            answer = read_answer(self._receive(line))
        except (OSError, Refusal) as error:
            raise _AwayError(str(error)) from error
        if answer.control_id != message.control_id:
            raise _AwayError("the answer is to another message")
        if self.is_away:
            self.say(f"hl7: {self.partner} is back")
        self.is_away = False
        return "" if answer.code in _ACCEPTED else f"{answer.code} {answer.text}".strip()

    def _connect(self) -> socket.socket:
        if self.line is None:
            self.line = socket.create_connection(
                (self.sending.host, self.sending.port), self.patience.answer_s
            )
        return self.line

    def _receive(self, line: socket.socket) -> bytes:
        frames = Frames(_LONGEST_ANSWER)
        while data := line.recv(_CHUNK):
            for message in frames.feed(data):
                return message
        raise _AwayError("it hung up")

    def _hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None

    def _fail(self, job: Job, error: str, retry: Retry) -> None:
        if self.store.jobs.fail(job, error, retry=retry) == "dead":
            self.say(f"hl7: message {job.id} to {self.partner} is dead; oncopolis jobs shows why")
