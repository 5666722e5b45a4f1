"""Passwords: which are taken, and their hashes, which cost time to guess."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from oncopolis.foundation.errors import InputError

SHORTEST, LONGEST = 12, 256  # structure: characters of a password
_MEMORY_KIB, _PASSES, _LANES = 65_536, 3, 4  # structure: RFC 9106, section 4, second recommended setting
_AT_ONCE = 2
_FEWEST_SIGNS = 5  # structure: different characters in a password
_SHORTEST_WORD = 4  # structure: shorter names are in every text
_MOST_BYTES = 100_000_000  # structure: of a list of passwords, some million
_NO_LETTER = re.compile(r"[\W\d_]+")
_WORDS = ("oncopolis", "password", "administrator", "hospital", "qwerty", "1234567", "пароль", "비밀번호")

_HASHER = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)
_TURNS = BoundedSemaphore(_AT_ONCE)
_OF_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$pzl9yzX76GHNPJosdqo7aA$XZqkM4okn7wo+MugjV3TjQLUSq4zX2FPvwGGZCU5Y4g"
)
"""A hash that fits no password: who is not there costs the same work as who is."""


def hash_password(password: str) -> str:
    """Return the argon2id hash with its parameters and salt."""
    with _TURNS:
        return _HASHER.hash(_normalise(password))


def is_right(stored: str | None, password: str) -> bool:
    """Tell whether a password is the one; the work is the same where there is none."""
    with _TURNS:
        try:
            _HASHER.verify(stored or _OF_NOBODY, _normalise(password[: LONGEST + 1]))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Tell whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def read_known(path: Path) -> frozenset[str]:
    """Read a list of passwords that others know, one a line, such as the most used or those that leaked.

    Shorter ones than are taken anyway are left out.

    Raises
    ------
    InputError
        It cannot be read, or is larger than a server keeps in memory.
    """
    try:
        size = path.stat().st_size
        text = path.read_bytes().decode("utf-8", "replace") if size <= _MOST_BYTES else None
    except OSError as error:
        raise _refuse_list(path, str(error.strerror)) from error
    if text is None:
        raise _refuse_list(path, f"{size} bytes")
    return frozenset(_fold(line) for line in text.splitlines() if len(line) >= SHORTEST)


def check_password(password: str, words: Iterable[str], known: Collection[str] = ()) -> None:
    """Refuse a password that is easy to guess.

    Parameters
    ----------
    words
        Names that others know: of the account, of the person.
    known
        Passwords that others know, as `read_known` gives them.

    Raises
    ------
    InputError
        Too short, too long, of few signs, made of a known word, or known itself.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise _refuse(f"{len(password)} characters")
    if len(set(password)) < _FEWEST_SIGNS:
        raise _refuse("the same few characters over and over")
    if _fold(password) in known:
        raise _refuse("a password of the list of those that others know")
    folded = password.casefold()
    for word in (word.casefold() for word in (*words, *_WORDS) if len(word) >= _SHORTEST_WORD):
        letters = _NO_LETTER.sub("", folded.replace(word, ""))
        if word in folded and len(letters) < SHORTEST - _SHORTEST_WORD:
            raise _refuse("a word that many would try first, and little else")


def _fold(password: str) -> str:
    return _normalise(password).casefold()


def _normalise(password: str) -> str:
    """One form of what looks the same, as keyboards of different systems type it (RFC 8265)."""
    return unicodedata.normalize("NFC", password)


def _refuse(got: str) -> InputError:
    return InputError(
        code="REC-260",
        where="password",
        got=got,
        expected=f"{SHORTEST} to {LONGEST} characters that nobody guesses",
        fix="take several words that do not belong together",
    )


def _refuse_list(path: Path, got: str) -> InputError:
    return InputError(
        code="REC-353",
        where=str(path),
        got=got,
        expected=f"a text file of at most {_MOST_BYTES} bytes, a password a line",
        fix="give a shorter list, such as the most used ones",
    )
