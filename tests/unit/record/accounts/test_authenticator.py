"""The authenticator: codes as the standard has them, each once, and nobody past it by password or link."""

import json
from pathlib import Path

import pytest
from tests.doors import PASSWORD, Clock, add
from tests.records import ACT, make_keys, make_patient, query

from oncopolis.foundation import ForbiddenError
from oncopolis.foundation.errors import InputError
from oncopolis.record.accounts import Account, CodeNeeded, Desk, SignInRefused, TooManyAttempts, authenticator
from oncopolis.record.accounts.attempts import WITH_ACCOUNT
from oncopolis.record.accounts.authenticator import compute_code, find_step
from oncopolis.record.accounts.entering import HALF_MS, From, enter, find_signed_in, finish, sign_in
from oncopolis.record.accounts.managing import make_link, redeem, remove_factors, set_password
from oncopolis.record.accounts.signing import Seal
from oncopolis.record.care.rotating import rotate
from oncopolis.record.store import Store, open_store
from oncopolis.record.store.keys import Keys

HERE = From("10.0.0.1", "Browser")
STEP_S = 30


def pair(desk: Desk, clock: Clock, account: Account) -> bytes:
    """Set an authenticator up, and wait until its next code."""
    authenticator.offer(desk, account)
    seed = authenticator.find_offer(desk, account)
    assert seed is not None
    authenticator.add(desk, account, show(seed, clock))
    clock.pass_s(STEP_S)
    return seed


def show(seed: bytes, clock: Clock) -> str:
    return compute_code(seed, clock() // 1000 // STEP_S)


def begin(desk: Desk) -> str:
    with pytest.raises(CodeNeeded) as needed:
        sign_in(desk, "kim", PASSWORD, HERE)
    return needed.value.half


@pytest.mark.parametrize(
    ("time_s", "code"),
    [
        (59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
        (2000000000, "279037"), (20000000000, "353130"),
    ],
)  # fmt: skip
def test_codes_are_those_of_the_standard(time_s: int, code: str) -> None:
    """RFC 6238, appendix B, the last six of its eight digits."""
    seed = b"12345678901234567890"
    assert compute_code(seed, time_s // STEP_S) == code
    assert find_step(seed, f"{code[:3]} {code[3:]}", time_s * 1000, 0) == time_s // STEP_S
    assert find_step(seed, code, (time_s + 2 * STEP_S) * 1000, 0) is None
    assert find_step(seed, code, time_s * 1000, time_s // STEP_S) is None
    assert find_step(seed, "１２３", time_s * 1000, 0) is None


def test_a_password_is_half_of_the_way_in(desk: Desk, clock: Clock, store: Store) -> None:
    account = add(desk)
    seed = pair(desk, clock, account)
    entered = finish(desk, begin(desk), show(seed, clock), HERE)
    found = find_signed_in(desk, entered.session)
    assert found is not None
    assert found[0].how == "code"
    everything = repr(query(store, "SELECT * FROM secret"))
    assert authenticator.write_seed(seed) not in everything
    told = [json.loads(entry)["what"] for (entry,) in query(store, "SELECT entry FROM audit ORDER BY seq")]
    assert f"authenticator added to account {account.id}" in told
    assert told[-1] == "signed in by code from 10.0.0.1"


def test_a_code_and_a_half_work_once(desk: Desk, clock: Clock) -> None:
    seed = pair(desk, clock, add(desk))
    half, code = begin(desk), show(seed, clock)
    finish(desk, half, code, HERE)
    with pytest.raises(SignInRefused):
        finish(desk, half, code, HERE)
    with pytest.raises(ForbiddenError, match="REC-355"):
        finish(desk, begin(desk), code, HERE)
    old = begin(desk)
    clock.pass_s(HALF_MS / 1000)
    for refused in (old, "unknown", ""):
        with pytest.raises(SignInRefused):
            finish(desk, refused, show(seed, clock), HERE)


def test_guessing_codes_is_slowed_though_the_password_is_known(desk: Desk, clock: Clock) -> None:
    seed = pair(desk, clock, add(desk))
    wrong = "000000" if show(seed, clock) != "000000" else "000001"
    for _ in range(WITH_ACCOUNT.n_free + 1):
        with pytest.raises(ForbiddenError, match="REC-355"):
            finish(desk, begin(desk), wrong, HERE)
    with pytest.raises(TooManyAttempts):
        finish(desk, begin(desk), show(seed, clock), HERE)


def test_no_link_and_no_new_password_leads_past_it(desk: Desk, clock: Clock) -> None:
    account = add(desk)
    seed = pair(desk, clock, account)
    half = begin(desk)
    account = redeem(desk, make_link(desk, account, account.who), PASSWORD)
    with pytest.raises(SignInRefused):
        finish(desk, half, show(seed, clock), HERE)
    with pytest.raises(CodeNeeded):
        enter(desk, account, "link", HERE)
    set_password(desk, account, PASSWORD, account.who)
    begin(desk)
    remove_factors(desk, account, account.who)
    assert sign_in(desk, "kim", PASSWORD, HERE).account == account


def test_nothing_is_set_up_without_its_first_code(desk: Desk, clock: Clock) -> None:
    account = add(desk)
    with pytest.raises(ForbiddenError, match="REC-355"):
        authenticator.add(desk, account, "123456")
    authenticator.offer(desk, account)
    seed = authenticator.find_offer(desk, account)
    assert seed is not None
    clock.pass_s(601)
    assert authenticator.find_offer(desk, account) is None
    with pytest.raises(ForbiddenError, match="REC-355"):
        authenticator.add(desk, account, show(seed, clock))
    assert sign_in(desk, "kim", PASSWORD, HERE).account == account


@pytest.mark.slow
def test_it_works_on_under_another_master_key(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'record.db'}?synchronous=OFF"
    old, new, clock = make_keys(tmp_path), Keys(bytes(range(32))), Clock()
    with open_store(url, keys=old) as store:
        store.submit(lambda tx: tx.put(make_patient()), ACT).result()
        seed = pair(Desk(store, Seal(old), clock), clock, add(Desk(store, Seal(old), clock)))
    rotate(url, old, new)
    with open_store(url, keys=new) as store:
        desk = Desk(store, Seal(new), clock)
        finish(desk, begin(desk), show(seed, clock), HERE)
        with pytest.raises(InputError, match="REC-262"):
            finish(Desk(store, Seal(old), clock), begin(desk), show(seed, clock), HERE)
