"""A new master key for a database: all patients' keys are wrapped anew, or none."""

from oncopolis.foundation.errors import InputError
from oncopolis.record.accounts import authenticator, signing
from oncopolis.record.accounts.signing import Seal
from oncopolis.record.store.keys import Keys, Vault, has_open_patients
from oncopolis.record.store.session import Session
from oncopolis.record.store.store import look, open_store
from oncopolis.record.store.transaction import Transaction
from oncopolis.record.types import Act, Who

_ACT = Act("U", "new master key", Who("Device", "oncopolis"), "rotate-key")


def rotate(url: str, old: Keys, new: Keys) -> int | None:
    """Wrap every patient's key by another master key, in one transaction; how many there are.

    Keys that sign for programs are made anew when they are needed; seeds of authenticators are sealed anew.
    Done again with the same keys, as after a machine that went down meanwhile, it changes nothing: None.

    Raises
    ------
    InputError
        The database has other keys than ``old`` and ``new``, or patients without any.
    ConflictError
        A server has it.
    """
    with look(url) as reading:
        if has_open_patients(reading.session):
            raise InputError(
                code="REC-175",
                where="--database",
                got="a database in which nothing is sealed",
                expected="one with keys of patients",
                fix="begin a new database with a key file",
            )
        if not _opens(reading.session, old) and _opens(reading.session, new):
            return None
        _check(reading.session, old)
    vault = Vault(old)

    def wrap_anew(transaction: Transaction) -> int:
        transaction.has_erased = True  # The old wrappings go from the log too.
        signing.remove_keys(transaction.session)
        authenticator.seal_anew(transaction.session, Seal(old), Seal(new))
        return vault.wrap_anew(transaction.session, Vault(new))

    with open_store(url, keys=old, is_alone=True) as store:
        return store.submit(wrap_anew, _ACT).result()


def _opens(session: Session, keys: Keys) -> bool:
    try:
        _check(session, keys)
    except InputError:
        return False
    return True


def _check(session: Session, keys: Keys) -> None:
    """Refuse a master key by which something is not sealed."""
    Vault(keys).check_master(session)
    signing.check_seals(session, Seal(keys))
    authenticator.check_seals(session, Seal(keys))
