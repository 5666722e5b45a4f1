"""What everything about accounts works on: the store, the seal of the signing keys, and the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import uuid4

from oncopolis.record.accounts.signing import Seal
from oncopolis.record.store.session import Session
from oncopolis.record.store.store import Store, get_time_ms
from oncopolis.record.types import Act, Who

T = TypeVar("T")

HOUSE = Who("Device", "oncopolis", "Oncopolis")


@dataclass(frozen=True, slots=True)
class Desk:
    """The store as the login sees it; all calls wait until what they did is durable.

    Parameters
    ----------
    clock_ms
        The time, milliseconds since 1970 (UTC); the store's own.
    known
        Passwords that others know, which nobody may choose.
    needs_second
        Roles of whom a password alone is not enough.
    """

    store: Store
    seal: Seal
    clock_ms: Callable[[], int] = get_time_ms
    known: frozenset[str] = frozenset()
    needs_second: frozenset[str] = frozenset()

    def ask(self, question: Callable[[Session], T]) -> T:
        """Answer a question."""
        return self.store.ask(lambda reading: question(reading.session))

    def do(self, command: Callable[[Session, int], T], who: Who, what: str) -> T:
        """Change something, with its entry in the audit; ``command`` has the time and may be run again."""
        act = Act("E", what, who, str(uuid4()))
        return self.store.submit(lambda tx: command(tx.session, self.clock_ms()), act).result()

    def mark(self, command: Callable[[Session, int], T]) -> T:
        """Keep the books, which nobody decided and no audit tells of."""
        return self.store.submit_unseen(lambda tx: command(tx.session, self.clock_ms())).result()

    def tell(self, who: Who, what: str) -> None:
        """Only write into the audit."""
        self.store.note(Act("E", what, who, str(uuid4())), ()).result()
