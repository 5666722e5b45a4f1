"""Codes, refresh tokens and printed tokens: each once, each with an end."""

import base64
import json
from dataclasses import replace

import pytest
from tests.doors import Clock, add
from tests.records import query

from oncopolis.foundation import InputError
from oncopolis.record.accounts import App, Desk, Grant, GrantRefused, program_rows
from oncopolis.record.accounts.granting import (
    CODE_MS,
    OFFLINE_MS,
    add_api_token,
    find_api_grant,
    grant_system,
    make_code,
    read_code,
    redeem_code,
    renew,
    revoke,
    use_assertion,
)
from oncopolis.record.accounts.keyring import Keyring
from oncopolis.record.accounts.managing import change_account
from oncopolis.record.accounts.scopes import is_covered, read_scopes
from oncopolis.record.accounts.signing import KEPT_MS, YOUNG_MS, Seal, list_keys
from oncopolis.record.store import Store

APP = App("app-1", "Viewer", ("https://app.test/back",), scopes=("user/*.rs", "offline_access"))


@pytest.fixture
def app(desk: Desk) -> App:
    for one in (APP, replace(APP, id="app-2")):
        desk.mark(lambda session, now_ms, one=one: program_rows.add_app(session, one, None, now_ms))  # type: ignore[misc]
    return APP


def get_code(desk: Desk, *scopes: str, login: str = "kim") -> str:
    return make_code(desk, add(desk, login), APP, {"scopes": list(scopes), "redirect": "x", "patient": None})


def find_good(desk: Desk, id_: str) -> bool:
    grant = desk.ask(lambda session: program_rows.find_grant(session, id_))
    assert grant is not None
    return grant.is_good(desk.clock_ms())


def test_a_code_gives_a_grant_once_and_takes_it_back_when_it_comes_again(
    desk: Desk, app: App, store: Store
) -> None:
    code = get_code(desk, "user/*.rs", "offline_access")
    assert code not in repr(query(store, "SELECT * FROM secret"))
    read_code(desk, code, app)
    grant, refresh = redeem_code(desk, code, app)
    assert grant.scopes == ("user/*.rs", "offline_access")
    assert refresh is not None
    assert find_good(desk, grant.id)
    with pytest.raises(GrantRefused):
        redeem_code(desk, code, app)
    with pytest.raises(GrantRefused, match="used before"):
        read_code(desk, code, app)
    assert not find_good(desk, grant.id)
    with pytest.raises(GrantRefused):
        renew(desk, refresh, app)


def test_a_code_is_good_for_its_program_and_its_minute(desk: Desk, app: App, clock: Clock) -> None:
    code = get_code(desk, "user/*.rs")
    other = replace(app, id="app-2")
    for use in (read_code, redeem_code):
        with pytest.raises(GrantRefused):
            use(desk, code, other)
    clock.pass_s(CODE_MS / 1000)
    with pytest.raises(GrantRefused):
        redeem_code(desk, code, app)
    with pytest.raises(GrantRefused):
        read_code(desk, "never made", app)


def test_a_refresh_token_works_once_and_its_second_coming_ends_the_grant(desk: Desk, app: App) -> None:
    grant, first = redeem_code(desk, get_code(desk, "user/*.rs", "offline_access"), app)
    assert first is not None
    _, second = renew(desk, first, app)
    _, third = renew(desk, second, app)
    with pytest.raises(GrantRefused, match="before"):
        renew(desk, second, app)
    assert not find_good(desk, grant.id)
    with pytest.raises(GrantRefused):
        renew(desk, third, app)


def test_a_refresh_token_is_good_for_its_program_its_account_and_its_time(
    desk: Desk, app: App, clock: Clock
) -> None:
    _, refresh = redeem_code(desk, get_code(desk, "user/*.rs", "offline_access"), app)
    assert refresh is not None
    with pytest.raises(GrantRefused):
        renew(desk, refresh, replace(app, id="app-2"))
    _, refresh = renew(desk, refresh, app)
    clock.pass_s(OFFLINE_MS / 1000)
    with pytest.raises(GrantRefused):
        renew(desk, refresh, app)
    park = add(desk, "park")
    code = make_code(desk, park, APP, {"scopes": ["offline_access"], "redirect": "x", "patient": None})
    refresh = redeem_code(desk, code, app)[1]
    assert refresh is not None
    change_account(desk, replace(park, is_disabled=True), park.who)
    with pytest.raises(GrantRefused):
        renew(desk, refresh, app)


def test_without_offline_access_there_is_no_refresh_token(desk: Desk, app: App) -> None:
    assert redeem_code(desk, get_code(desk, "user/*.rs"), app)[1] is None


def test_a_program_is_granted_for_minutes_and_a_proof_counts_once(desk: Desk, app: App, clock: Clock) -> None:
    grant = grant_system(desk, replace(app, roles=frozenset({"researcher"})), ["system/Patient.rs"])
    assert find_good(desk, grant.id)
    clock.pass_s(300)
    assert not find_good(desk, grant.id)
    assert use_assertion(desk, app, "jti-1", clock() + 1000)
    assert not use_assertion(desk, app, "jti-1", clock() + 1000)
    assert use_assertion(desk, replace(app, id="app-2"), "jti-1", clock() + 1000)


def test_a_printed_token_is_kept_as_a_digest_and_ends(desk: Desk, store: Store, clock: Clock) -> None:
    grant = Grant("g1", "loader", None, None, ("system/*.rs",), until_ms=clock() + 1000, made_ms=clock())
    token = add_api_token(desk, grant, add(desk).who)
    assert token.startswith("onc_")
    assert token not in repr(query(store, "SELECT * FROM secret"))
    assert desk.ask(lambda session: find_api_grant(session, token)) == grant
    assert desk.ask(lambda session: find_api_grant(session, token + "x")) is None
    assert revoke(desk, "g1", add(desk, "lee").who)
    assert not find_good(desk, "g1")
    assert not revoke(desk, "g1", add(desk, "park").who)


def test_nobody_ends_anothers_grant(desk: Desk, app: App) -> None:
    grant, _ = redeem_code(desk, get_code(desk, "user/*.rs"), app)
    lee = add(desk, "lee")
    assert not revoke(desk, grant.id, lee.who, lee.id)
    assert find_good(desk, grant.id)


def test_signing_keys_are_sealed_renewed_and_known_a_while(desk: Desk, store: Store, clock: Clock) -> None:
    ring = Keyring(desk)
    first = ring.get_key()
    secret = base64.urlsafe_b64decode(str(first.as_dict(private=True)["d"]) + "=")
    stored = b"".join(bytes(row[0]) for row in query(store, "SELECT stored FROM signing_key"))
    assert secret not in stored
    assert json.dumps(first.as_dict(private=True)["d"]).encode() not in stored
    assert Keyring(desk).get_key().kid == first.kid
    assert "d" not in ring.list_public()[0]
    clock.pass_s(YOUNG_MS / 1000)
    assert ring.get_key().kid != first.kid
    assert {key["kid"] for key in ring.list_public()} == {first.kid, ring.get_key().kid}
    clock.pass_s((KEPT_MS - YOUNG_MS) / 1000)
    assert first.kid not in {key["kid"] for key in ring.list_public()}


def test_signing_keys_of_another_master_key_are_refused(desk: Desk, clock: Clock) -> None:
    Keyring(desk).get_key()
    with pytest.raises(InputError, match="REC-262"):
        desk.ask(lambda session: list_keys(session, Seal(None), clock()))


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("openid  fhirUser openid", ("openid", "fhirUser")),
        ("patient/*.read user/Observation.write", ("patient/*.rs", "user/Observation.cud")),
        ("system/*.*", ("system/*.cruds",)),
        ("user/Observation.rs?category=laboratory", ("user/Observation.rs?category=laboratory",)),
        ("", ()),
    ],
)
def test_scopes_are_read(text: str, scopes: tuple[str, ...]) -> None:
    assert read_scopes(text) == scopes


MANY = " ".join(f"user/A{chr(97 + i % 26) * (i // 26 + 1)}.rs" for i in range(101))


@pytest.mark.parametrize(
    "text",
    [
        "admin",
        "user/Patient",
        "user/Patient.",
        "user/Patient.sr",
        "user/patient.rs",
        'user/*.rs?a="b',
        "user/Patient.rs\x00",
        "x" * 9_000,
        MANY,
    ],
    ids=range(9),
)
def test_scopes_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="REC-261"):
        read_scopes(text)


@pytest.mark.parametrize(
    ("scope", "by", "is_fine"),
    [
        ("user/Patient.r", ["user/*.rs"], True),
        ("user/Patient.rs", ["user/*.r", "user/Patient.s"], True),
        ("user/Patient.u", ["user/*.rs"], False),
        ("system/Patient.r", ["user/*.rs"], False),
        ("user/*.r", ["user/Patient.r"], False),
        ("user/Patient.rs?x=1", ["user/Patient.rs"], True),
        ("user/Patient.rs", ["user/Patient.rs?x=1"], False),
        ("openid", ["openid"], True),
        ("openid", ["user/*.cruds"], False),
    ],
)
def test_a_scope_is_covered_or_not(scope: str, by: list[str], is_fine: bool) -> None:
    assert is_covered(scope, by) is is_fine
