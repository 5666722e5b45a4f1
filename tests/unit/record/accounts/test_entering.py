"""Signing in: right and wrong, slowed guessing, sessions and their ends."""

import json

import pytest
from tests.doors import PASSWORD, Clock, add
from tests.records import query

from oncopolis.record.accounts import Account, Desk, SignInRefused, TooManyAttempts
from oncopolis.record.accounts.attempts import FORGET_MS, WITH_ACCOUNT, WITH_ADDRESS
from oncopolis.record.accounts.entering import (
    IDLE_MS,
    LONGEST_MS,
    MOST,
    From,
    enter,
    find_signed_in,
    list_open,
    sign_in,
    sign_out,
)
from oncopolis.record.accounts.managing import change_account, set_password
from oncopolis.record.store import Store

HERE = From("10.0.0.1", "Browser")


def fail(desk: Desk, login: str = "kim", origin: From = HERE) -> None:
    with pytest.raises(SignInRefused):
        sign_in(desk, login, "something else entirely", origin)


def list_told(store: Store) -> list[str]:
    rows = query(store, "SELECT entry FROM audit ORDER BY seq")
    return [json.loads(entry)["what"] for (entry,) in rows]


def test_a_session_is_found_by_its_secret_only(desk: Desk, store: Store) -> None:
    account = add(desk, roles=frozenset({"physician"}), practitioner="dr-1")
    entered = sign_in(desk, "  KIM ", PASSWORD, HERE)
    found = find_signed_in(desk, entered.session)
    assert found is not None
    assert found[1] == account
    assert found[0].how == "password"
    assert find_signed_in(desk, found[0].hash) is None
    everything = repr(query(store, "SELECT * FROM login_session") + query(store, "SELECT * FROM secret"))
    assert entered.session not in everything
    assert entered.device not in everything
    assert list_told(store)[-1] == "signed in by password from 10.0.0.1"


def test_every_refusal_is_the_same_and_told_to_the_audit_only(desk: Desk, store: Store) -> None:
    account = add(desk, "gone")
    change_account(desk, Account(account.id, "gone", "Gone", is_disabled=True), account.who)
    add(desk, "new", password=None)
    errors = []
    for login, password in (
        ("gone", PASSWORD),
        ("new", ""),
        ("nobody", PASSWORD),
        ("", ""),
        ("'; --", "x" * 10_000),
    ):
        with pytest.raises(SignInRefused) as refused:
            sign_in(desk, login, password, HERE)
        errors.append(str(refused.value))
    assert len(set(errors)) == 1
    assert sum("sign-in refused" in told for told in list_told(store)) == 5
    assert PASSWORD not in "".join(list_told(store))


def test_guessing_gets_slower_and_never_ends_for_ever(desk: Desk, clock: Clock) -> None:
    add(desk)
    for _ in range(WITH_ACCOUNT.n_free):
        fail(desk)
    fail(desk)
    with pytest.raises(TooManyAttempts) as paused:
        sign_in(desk, "kim", PASSWORD, HERE)
    assert paused.value.rest_ms == WITH_ACCOUNT.first_ms
    pauses = []
    for _ in range(12):
        clock.pass_s(paused.value.rest_ms / 1000)
        fail(desk)
        with pytest.raises(TooManyAttempts) as paused:
            sign_in(desk, "kim", PASSWORD, HERE)
        pauses.append(paused.value.rest_ms)
    assert pauses == sorted(pauses)
    assert pauses[-1] == WITH_ACCOUNT.longest_ms
    clock.pass_s(WITH_ACCOUNT.longest_ms / 1000)
    assert sign_in(desk, "kim", PASSWORD, HERE).account.login == "kim"
    fail(desk)


def test_strangers_cannot_lock_a_known_browser_out(desk: Desk) -> None:
    add(desk)
    known = From("10.0.0.2", "Browser", sign_in(desk, "kim", PASSWORD, From("10.0.0.2")).device)
    for number in range(WITH_ACCOUNT.n_free + 1):
        fail(desk, origin=From(f"10.1.0.{number}"))
    with pytest.raises(TooManyAttempts):
        sign_in(desk, "kim", PASSWORD, From("10.0.0.9"))
    assert sign_in(desk, "kim", PASSWORD, known).account.login == "kim"


def test_a_known_browser_of_another_account_is_a_stranger(desk: Desk) -> None:
    add(desk)
    add(desk, "lee")
    device = sign_in(desk, "lee", PASSWORD, From("10.0.0.2")).device
    for number in range(WITH_ACCOUNT.n_free + 1):
        fail(desk, origin=From(f"10.1.0.{number}", device=device))
    with pytest.raises(TooManyAttempts):
        sign_in(desk, "kim", PASSWORD, From("10.0.0.2", device=device))


def test_an_address_that_tries_many_accounts_is_slowed_though_it_has_one_of_its_own(desk: Desk) -> None:
    add(desk)
    for number in range(WITH_ADDRESS.n_free + 1):
        fail(desk, f"guess{number}")
        if number % 5 == 0 and number < WITH_ADDRESS.n_free:
            sign_in(desk, "kim", PASSWORD, HERE)
    with pytest.raises(TooManyAttempts):
        sign_in(desk, "kim", PASSWORD, HERE)
    assert sign_in(desk, "kim", PASSWORD, From("10.0.0.7")).account.login == "kim"


def test_accounts_that_are_not_there_are_paused_like_others(desk: Desk) -> None:
    for _ in range(WITH_ACCOUNT.n_free + 1):
        fail(desk, "nobody")
    with pytest.raises(TooManyAttempts):
        sign_in(desk, "nobody", "x", HERE)


def test_failures_are_forgotten_after_a_day(desk: Desk, clock: Clock, store: Store) -> None:
    add(desk)
    for _ in range(WITH_ACCOUNT.n_free):
        fail(desk)
    clock.pass_s(FORGET_MS / 1000)
    fail(desk)
    sign_in(desk, "kim", PASSWORD, HERE)
    # The address keeps the one failure that was not followed by a success of its own.
    assert query(store, "SELECT sum(failures), count(*) FROM attempt") == [(1, 1)]


def test_a_session_ends_when_idle_and_when_old(desk: Desk, clock: Clock) -> None:
    account = add(desk)
    idle = enter(desk, account, "password", HERE)
    clock.pass_s(IDLE_MS / 1000)
    assert find_signed_in(desk, idle.session) is None
    used = enter(desk, account, "password", HERE)
    for _ in range(LONGEST_MS // (IDLE_MS - 1000)):
        clock.pass_s(IDLE_MS / 1000 - 1)
        assert find_signed_in(desk, used.session) is not None
        desk.mark(lambda _session, _now: None)  # What was noted unseen is written by now.
    clock.pass_s(IDLE_MS / 1000 - 1)
    assert find_signed_in(desk, used.session) is None


def test_one_session_too_many_ends_the_one_used_longest_ago(desk: Desk, clock: Clock) -> None:
    account = add(desk)
    opened = []
    for _ in range(MOST + 2):
        opened.append(enter(desk, account, "password", HERE).session)
        clock.pass_s(1)
    assert [find_signed_in(desk, one) is not None for one in opened] == [False, False, *[True] * MOST]
    assert len(list_open(desk, account.id)) == MOST


def test_nobody_ends_anothers_session(desk: Desk) -> None:
    kim, lee = add(desk), add(desk, "lee")
    entered = enter(desk, kim, "password", HERE)
    hash_ = list_open(desk, kim.id)[0].hash
    assert not sign_out(desk, lee, hash_)
    assert find_signed_in(desk, entered.session) is not None
    assert sign_out(desk, kim, hash_)
    assert find_signed_in(desk, entered.session) is None


def test_a_new_password_ends_other_sessions_and_known_browsers(desk: Desk) -> None:
    account = add(desk)
    here, elsewhere = enter(desk, account, "password", HERE), enter(desk, account, "password", HERE)
    set_password(
        desk, account, "another long enough secret", account.who, keep=list_open(desk, account.id)[0].hash
    )
    left = [one for one in (here, elsewhere) if find_signed_in(desk, one.session)]
    assert len(left) == 1
    with pytest.raises(SignInRefused):
        sign_in(desk, "kim", PASSWORD, HERE)
    assert sign_in(desk, "kim", "another long enough secret", HERE).account == account


def test_an_outdated_hash_is_renewed_when_its_owner_comes(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from argon2 import PasswordHasher

    from oncopolis.record.accounts import passwords

    add(desk)
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(2, 64, 1))
    sign_in(desk, "kim", PASSWORD, HERE)
    assert "t=2" in query(store, "SELECT password FROM account")[0][0]
