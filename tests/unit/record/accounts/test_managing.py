"""Accounts made and changed; links that work once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from tests.doors import PASSWORD, Clock, add, add_administrator

from oncopolis.foundation import ConflictError, ForbiddenError, InputError, NotFoundError, OncopolisError
from oncopolis.record.accounts import ADMINISTRATOR, Account, Desk, SignInRefused
from oncopolis.record.accounts.entering import From, enter, find_signed_in, sign_in
from oncopolis.record.accounts.managing import (
    FIRST_MS,
    LINK_MS,
    change_account,
    find_link,
    get_account,
    make_first_link,
    make_link,
    redeem,
    redeem_first,
)
from oncopolis.record.accounts.types import First

HERE = From("10.0.0.1")
NEW = "another long enough secret"


def test_the_first_link_makes_one_administrator_and_works_once(desk: Desk) -> None:
    first = make_first_link(desk)
    assert first is not None
    assert find_link(desk, first) == (True, None)
    account = redeem_first(desk, first, "Root", " Ada  Kim ", PASSWORD, "ko")
    assert (account.login, account.name, account.language) == ("root", "Ada Kim", "ko")
    assert account.roles == {ADMINISTRATOR}
    assert sign_in(desk, "root", PASSWORD, HERE).account == account
    with pytest.raises(SignInRefused):
        redeem_first(desk, first, "other", "Other", PASSWORD, "en")
    assert find_link(desk, first) == (False, None)
    assert make_first_link(desk) is None


def test_the_first_administrator_may_be_more(desk: Desk) -> None:
    first = make_first_link(desk, First(frozenset({"nurse"}), frozenset({"clinic"}), "p1"))
    assert first is not None
    account = redeem_first(desk, first, "Root", "Ada Kim", PASSWORD, "en")
    assert account.roles == {ADMINISTRATOR, "nurse"}
    assert account.clinics == {"clinic"}
    assert account.practitioner == "p1"


def test_a_new_first_link_ends_the_one_before_and_each_ends_by_itself(desk: Desk, clock: Clock) -> None:
    before, now = make_first_link(desk), make_first_link(desk)
    assert before is not None
    assert now is not None
    assert find_link(desk, before)[0] is False
    assert find_link(desk, now)[0] is True
    clock.pass_s(FIRST_MS / 1000)
    assert find_link(desk, now)[0] is False
    with pytest.raises(SignInRefused):
        redeem_first(desk, now, "root", "Root", PASSWORD, "en")


def test_of_many_who_use_the_first_link_at_once_one_becomes_administrator(desk: Desk) -> None:
    first = make_first_link(desk)
    assert first is not None

    def try_it(number: int) -> bool:
        try:
            redeem_first(desk, first, f"root{number}", "Root", PASSWORD, "en")
        except OncopolisError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(try_it, range(8))) == 1


def test_a_link_sets_a_password_once_and_ends_what_was_before(desk: Desk, clock: Clock) -> None:
    account = add(desk)
    old = enter(desk, account, "password", HERE)
    link = make_link(desk, account, account.who)
    assert find_link(desk, link) == (True, account)
    with pytest.raises(InputError, match="REC-260"):
        redeem(desk, link, "short")
    redeem(desk, link, NEW)
    assert find_signed_in(desk, old.session) is None
    assert sign_in(desk, "kim", NEW, HERE).account == account
    with pytest.raises(SignInRefused):
        redeem(desk, link, PASSWORD)
    late = make_link(desk, account, account.who)
    clock.pass_s(LINK_MS / 1000)
    with pytest.raises(SignInRefused):
        redeem(desk, late, PASSWORD)


def test_a_link_of_a_disabled_account_does_not_work(desk: Desk) -> None:
    account = add(desk)
    link = make_link(desk, account, account.who)
    change_account(desk, replace(account, is_disabled=True), account.who)
    assert find_link(desk, link)[0] is False
    with pytest.raises(SignInRefused):
        redeem(desk, link, NEW)


def test_a_disabled_account_is_out_at_once(desk: Desk) -> None:
    account = add(desk)
    entered = enter(desk, account, "password", HERE)
    change_account(desk, replace(account, is_disabled=True), account.who)
    assert find_signed_in(desk, entered.session) is None
    with pytest.raises(SignInRefused):
        enter(desk, get_account(desk, account.id), "passkey", HERE)


def test_the_last_administrator_stays(desk: Desk) -> None:
    root = add_administrator(desk)
    for change in (replace(root, is_disabled=True), replace(root, roles=frozenset())):
        with pytest.raises(ForbiddenError, match="REC-267"):
            change_account(desk, change, root.who)
    add_administrator(desk, "second")
    change_account(desk, replace(root, roles=frozenset()), root.who)
    assert not get_account(desk, "root").is_administrator


def test_two_accounts_never_have_one_name(desk: Desk) -> None:
    add(desk)
    with pytest.raises(ConflictError, match="REC-268"):
        add(desk, "KIM")
    lee = add(desk, "lee")
    with pytest.raises(ConflictError, match="REC-268"):
        change_account(desk, replace(lee, login="kim"), lee.who)
    assert get_account(desk, lee.id).login == "lee"


@pytest.mark.parametrize(
    "members",
    [
        {"login": "a"},
        {"login": "a b"},
        {"login": "x" * 65},
        {"login": "<b>"},
        {"name": "\x00\x01"},
        {"name": "x" * 101},
        {"roles": frozenset({"king"})},
        {"roles": frozenset({"a b"})},
        {"clinics": frozenset({"a/b"})},
        {"practitioner": "../1"},
        {"patients": frozenset({"x" * 65})},
        {"language": "fr"},
    ],
)
def test_what_cannot_be_is_refused(desk: Desk, members: dict[str, object]) -> None:
    with pytest.raises(InputError, match="REC-266"):
        add(desk, **({"login": "kim"} | members))  # type: ignore[arg-type]


def test_a_name_that_is_not_there_is_told(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="REC-269"):
        get_account(desk, "nobody")
    assert isinstance(get_account(desk, add(desk).id), Account)
