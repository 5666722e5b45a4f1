"""A new master key for a database: all patients' keys are wrapped anew, or none."""

from oncopolis.foundation.errors import InputError
from oncopolis.record.accounts.authenticator import seal_anew
from oncopolis.record.accounts.signing import Seal, remove_keys
from oncopolis.record.care.manifest import find_whether_sealed
from oncopolis.record.store.keys import Keys, Vault
from oncopolis.record.store.store import look, open_store
from oncopolis.record.store.transaction import Transaction
from oncopolis.record.types import Act, Who

_ACT = Act("U", "new master key", Who("Device", "oncopolis"), "rotate-key")


def rotate(url: str, old: Keys, new: Keys) -> int:
    """Wrap every patient's key by another master key, in one transaction; how many there are.

    Done again with the same keys, as after a machine that went down meanwhile, it changes nothing.

    Raises
    ------
    InputError
        The database has other keys than ``old`` and ``new``, or none.
    """
    with look(url) as reading:
        if not find_whether_sealed(reading.session):
            raise InputError(
                code="REC-175",
                where="--database",
                got="a database in which nothing is sealed",
                expected="one with keys of patients",
                fix="begin a new database with a key file",
            )
        if Vault(new).opens(reading.session):
            return 0
    vault = Vault(old)

    def wrap_anew(transaction: Transaction) -> int:
        transaction.has_erased = True  # The old wrappings go from the log too.
        remove_keys(transaction.session)
        seal_anew(transaction.session, Seal(old), Seal(new))
        return vault.wrap_anew(transaction.session, Vault(new))

    with open_store(url, keys=old) as store:
        return store.submit(wrap_anew, _ACT).result()
