"""The keys that sign now, read again now and then, since another server may have made a new one."""

from threading import Lock

from joserfc.jwk import ECKey, KeySet

from oncopolis.record.accounts.desk import HOUSE, Desk
from oncopolis.record.accounts.signing import YOUNG_MS, add_key, list_keys, make_key

_READ_AGAIN_MS = 60_000  # structure: how long another server's new key may be unknown


class Keyring:
    """Signs with the newest key and knows the older ones."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._lock = desk, Lock()
        self._keys: list[ECKey] = []
        self._known: KeySet = KeySet([])
        self._read_ms = 0

    def get_key(self) -> ECKey:
        """The key to sign with."""
        self._refresh()
        return self._keys[0]

    def get_known(self) -> KeySet:
        """All keys that tokens may be signed with."""
        self._refresh()
        return self._known

    def list_public(self) -> list[dict[str, object]]:
        """The public halves, as they are published."""
        self._refresh()
        return [dict(key.as_dict(private=False)) for key in self._keys]

    def _refresh(self) -> None:
        now_ms = self._desk.clock_ms()
        with self._lock:
            if self._keys and now_ms - self._read_ms < _READ_AGAIN_MS:
                return
            found = self._read(now_ms)
            if not found or now_ms - found[0][0] >= YOUNG_MS:
                key = make_key()
                self._desk.do(
                    lambda session, at_ms: add_key(session, self._desk.seal, key, at_ms),
                    HOUSE,
                    f"signing key {key.kid} made",
                )
                found = self._read(now_ms)
            self._keys = [key for _, key in found]
            self._known, self._read_ms = KeySet(list(self._keys)), now_ms

    def _read(self, now_ms: int) -> list[tuple[int, ECKey]]:
        return self._desk.ask(lambda session: list_keys(session, self._desk.seal, now_ms))
