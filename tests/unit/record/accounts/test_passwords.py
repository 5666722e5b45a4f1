"""Passwords: which are refused, how they are kept, and that nobody's costs the same work."""

import time
from pathlib import Path

import pytest

from oncopolis.foundation import InputError
from oncopolis.record.accounts import passwords
from oncopolis.record.accounts.passwords import (
    check_password,
    hash_password,
    is_outdated,
    is_right,
    read_known,
)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "x" * 257,
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "password12345678",
        "Oncopolis-2026!!",
        "qwerty1234567890",
        "dr.kim.dr.kim.123",
        "пароль123456789",
    ],
)
def test_what_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(InputError, match="REC-260"):
        check_password(password, ["dr.kim", "Minjun Kim"])


@pytest.mark.parametrize(
    "password",
    [
        "seven storks over Tashkent",
        "кит читает газету по утрам",
        "oncopolis walks the black dog home",
        "비단 고양이가 피아노를 친다 밤에",
        "x9$Kq2!vT7#b",
        "   spaces at both ends   ",
        "a1b2c3d4e5f6" * 20,
    ],
)
def test_what_is_not_is_taken_whatever_its_signs(password: str) -> None:
    check_password(password, ["kim"])


def test_what_others_know_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "known.txt"
    path.write_bytes("123456\r\n1q2w3e4r5t6y\r\nПогода на завтра\r\n\xff\n".encode() + b"\xff\xfe\n")
    known = read_known(path)
    assert known == {"1q2w3e4r5t6y", "погода на завтра"}
    for password in ("1Q2w3e4r5t6y", "погода на завтра"):
        with pytest.raises(InputError, match="REC-260"):
            check_password(password, (), known)
    check_password("1q2w3e4r5t6y7", (), known)
    for bad in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(InputError, match="REC-353"):
            read_known(bad)
    monkeypatch.setattr(passwords, "_MOST_BYTES", 10)
    with pytest.raises(InputError, match="REC-353"):
        read_known(path)


@pytest.mark.slow
def test_a_hash_carries_its_parameters_and_salt() -> None:
    first, second = hash_password("seven storks"), hash_password("seven storks")
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert first != second
    assert is_right(first, "seven storks")
    assert not is_right(first, "Seven storks")
    assert not is_right(first, "seven storks ")
    assert not is_outdated(first)


def test_the_same_letters_typed_otherwise_are_the_same() -> None:
    assert is_right(hash_password("caf\u00e9 caf\u00e9 caf\u00e9"), "cafe\u0301 cafe\u0301 cafe\u0301")


def test_no_password_is_right_where_there_is_none() -> None:
    assert not is_right(None, "")
    assert not is_right(None, "nobody")
    assert not is_right("nonsense", "nonsense")


@pytest.mark.slow
def test_a_hash_of_nobody_costs_what_any_costs() -> None:
    """Otherwise the time of a refusal would tell which accounts there are."""
    assert not is_outdated(passwords._OF_NOBODY)
    stored = hash_password("seven storks over Tashkent")

    def measure(known: str | None) -> float:
        started = time.thread_time() + time.process_time()
        is_right(known, "a wrong password")
        return time.thread_time() + time.process_time() - started

    measure(None)
    there = sorted(measure(stored) for _ in range(3))[1]
    nobody = sorted(measure(None) for _ in range(3))[1]
    assert nobody == pytest.approx(there, rel=0.5)


def test_an_old_hash_is_told_from_one_of_today() -> None:
    from tests.doors import CHEAP

    assert is_outdated(CHEAP.hash("x"))
