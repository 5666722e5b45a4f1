"""The OpenID provider: consent, codes, tokens, rotation, discovery; and everything that is refused."""

import base64
import json
import re
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from tests.databases import DATABASES
from tests.doors import Browser, Door, add, add_administrator, read_answer
from tests.programs import BACK, Program, make_assertion, register

from oncopolis.record.accounts.granting import CODE_MS
from oncopolis.record.accounts.managing import change_account, get_account
from oncopolis.web.login.provider.minting import ACCESS_S


@pytest.fixture
def program(door: Door) -> Program:
    return Program(register(door), door)


@pytest.fixture
def signed(door: Door, browser: Browser) -> Browser:
    add(door.desk, name="Minjun Kim", practitioner="dr-1", roles=frozenset({"physician"}))
    browser.sign_in()
    return browser


def read_claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


def encode(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("database_url", DATABASES, indirect=True)
def test_the_whole_way(door: Door, program: Program, browser: Browser) -> None:
    """From the program to the sign-in page, over consent, to tokens that work."""
    add(door.desk, name="Minjun Kim", practitioner="dr-1", roles=frozenset({"physician"}))
    first = program.ask(browser)
    assert first.status_code == 303
    on = browser.sign_in(next=read_answer(first)["next"]).headers["location"]
    page = browser.get(on)
    assert "Viewer asks for access" in page.text
    assert "read, search: records of every kind that you may see" in page.text
    assert f"form-action 'self' {BACK.removesuffix('/back')};" in page.headers["content-security-policy"]
    answer = read_answer(program.consent(browser))
    assert (answer["state"], answer["iss"]) == ("state-1", door.house.base)
    values = program.exchange(answer["code"]).json()
    assert (values["token_type"], values["expires_in"]) == ("Bearer", ACCESS_S)
    keys = KeySet.import_key_set(program.client.get("/oauth/jwks").json())
    claims = jwt.decode(values["id_token"], keys, algorithms=["ES256"]).claims
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (door.house.base, program.app.id, "nonce-1")
    assert (claims["fhirUser"], claims["name"]) == (f"{door.house.fhir}/Practitioner/dr-1", "Minjun Kim")
    caller = program.call(values["access_token"]).json()
    assert (caller["practitioner"], caller["roles"]) == ("dr-1", ["physician"])
    assert caller["scopes"] == ["openid", "profile", "fhirUser", "offline_access", "user/*.rs"]
    user = program.call(values["access_token"], "/oauth/userinfo").json()
    assert (user["sub"], user["name"]) == (claims["sub"], "Minjun Kim")
    answer_now = program.client.post("/oauth/token").headers
    assert answer_now["cache-control"] == "no-store"


def test_a_person_may_refuse(program: Program, signed: Browser) -> None:
    answer = read_answer(program.consent(signed, "refuse"))
    assert answer["error"] == "access_denied"
    assert "code" not in answer


NOBODY_IS_SENT_WHERE_NO_PROGRAM_IS_REGIS: list[Any] = [
    {"redirect_uri": f"{BACK}/"},
    {"redirect_uri": f"{BACK}?x=1"},
    {"redirect_uri": "https://evil.test/back"},
    {"redirect_uri": "https://app.test.evil.test/back"},
    {"redirect_uri": "https://app.test/back#x"},
    {"redirect_uri": "HTTPS://APP.TEST/back"},
    {"redirect_uri": "javascript:alert(1)"},
    {"redirect_uri": None},
    {"client_id": "nobody"},
    {"client_id": None},
]


def test_nobody_is_sent_where_no_program_is_registered(program: Program, signed: Browser) -> None:
    for changes in NOBODY_IS_SENT_WHERE_NO_PROGRAM_IS_REGIS:
        answer = program.ask(signed, **changes)
        assert answer.status_code == 403
        assert "location" not in answer.headers


WHAT_A_PROGRAM_MAY_NOT: list[Any] = [
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_type": None}, "unsupported_response_type"),
    ({"code_challenge": None}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"),
    ({"code_challenge": "short"}, "invalid_request"),
    ({"aud": "https://other.test/fhir"}, "invalid_request"),
    ({"request": "x"}, "request_not_supported"),
    ({"scope": "system/*.rs"}, "invalid_scope"),
    ({"scope": "user/*.cruds"}, "invalid_scope"),
    ({"scope": "king"}, "invalid_scope"),
    ({"scope": ""}, "invalid_scope"),
    ({"prompt": "none"}, "consent_required"),
]


def test_what_a_program_may_not_ask_is_told_to_it(program: Program, signed: Browser) -> None:
    for changes, error in WHAT_A_PROGRAM_MAY_NOT:
        answer = program.ask(signed, **changes)
        assert answer.headers["location"].startswith(f"{BACK}?")
        told = read_answer(answer)
        assert (told["error"], told["state"]) == (error, "state-1")


def test_headers_cannot_be_put_into_the_way_back(program: Program, signed: Browser) -> None:
    answer = program.consent(signed, state="a\r\nSet-Cookie: session=evil")
    assert "evil" not in str(answer.headers.get_list("set-cookie"))
    assert "\r" not in answer.headers["location"]


def test_nobody_signed_in_with_prompt_none_is_told(program: Program, browser: Browser) -> None:
    assert read_answer(program.ask(browser, prompt="none"))["error"] == "login_required"


def test_a_program_may_ask_for_a_new_sign_in(door: Door, program: Program, signed: Browser) -> None:
    assert program.ask(signed, max_age="60").status_code == 200
    door.clock.pass_s(100)
    answer = program.ask(signed, max_age="60")
    assert answer.headers["location"].startswith("/login")
    assert "max_age" not in answer.headers["location"]


def test_consent_of_another_site_is_refused(program: Program, signed: Browser) -> None:
    form = program.make_query() | {"answer": "allow", "csrf": "0" * 64}
    assert signed.client.post("/oauth/authorize", data=form).status_code == 403


def test_a_code_works_once_and_its_second_use_ends_its_tokens(program: Program, signed: Browser) -> None:
    code = program.get_code(signed)
    values = program.exchange(code).json()
    assert program.call(values["access_token"]).status_code == 200
    again = program.exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert program.renew(values["refresh_token"]).json()["error"] == "invalid_grant"
    program.door.gate._known.clear()
    assert program.call(values["access_token"]).status_code == 401


CODES_ARE_GIVEN_TO_WHO: list[Any] = [
    ({"code_verifier": "x" * 43}, "invalid_grant"),
    ({"code_verifier": None}, "invalid_grant"),
    ({"redirect_uri": "https://app.test/other"}, "invalid_grant"),
    ({"redirect_uri": None}, "invalid_grant"),
    ({"code": "guessed"}, "invalid_grant"),
    ({"code": None}, "invalid_grant"),
    ({"client_id": None}, "invalid_client"),
    ({"client_id": "nobody"}, "invalid_client"),
    ({"grant_type": "password"}, "unsupported_grant_type"),
    ({"grant_type": None}, "unsupported_grant_type"),
]


def test_codes_are_given_to_who_asked_only(program: Program, signed: Browser) -> None:
    for changes, error in CODES_ARE_GIVEN_TO_WHO:
        code = program.get_code(signed)
        answer = program.exchange(code, **changes)
        assert answer.json()["error"] == error
        assert answer.status_code == (401 if error == "invalid_client" else 400)


def test_a_code_is_not_another_programs_and_not_old(door: Door, program: Program, signed: Browser) -> None:
    other = Program(register(door), door)
    other.verifier = program.verifier
    assert other.exchange(program.get_code(signed)).json()["error"] == "invalid_grant"
    code = program.get_code(signed)
    door.clock.pass_s(CODE_MS / 1000)
    assert program.exchange(code).json()["error"] == "invalid_grant"


def test_refresh_tokens_rotate_and_reuse_ends_all(program: Program, signed: Browser) -> None:
    first = program.sign_in(signed)
    second = program.renew(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert "id_token" in second
    assert program.renew(second["refresh_token"], scope="user/*.cruds").json()["error"] == "invalid_scope"
    third = program.sign_in(signed)
    assert program.renew(first["refresh_token"]).json()["error"] == "invalid_grant"
    program.door.gate._known.clear()
    assert program.call(second["access_token"]).status_code == 401
    assert program.call(third["access_token"]).status_code == 200


def test_without_offline_access_nothing_outlives_the_token(program: Program, signed: Browser) -> None:
    assert "refresh_token" not in program.sign_in(signed, scope="openid user/*.rs")


def test_a_secret_is_asked_of_who_has_one(door: Door, signed: Browser) -> None:
    app = register(door, secret="s3cret")
    program = Program(app, door, secret="s3cret")
    assert "access_token" in program.sign_in(signed)
    code = program.get_code(signed)
    for secret in (None, "wrong"):
        thief = Program(app, door, secret=secret)
        thief.verifier = program.verifier
        assert thief.exchange(code).status_code == 401
    both = program.client.post(
        "/oauth/token",
        data={"grant_type": "authorization_code", "client_secret": "s3cret"},
        auth=(app.id, "s3cret"),
    )
    assert both.status_code == 401
    assert program.exchange(code).status_code == 200


def test_a_patient_chooses_for_whom(door: Door, browser: Browser) -> None:
    add(door.desk, "parent", patients=frozenset({"p1", "p2"}), roles=frozenset({"patient"}))
    browser.sign_in("parent")
    program = Program(register(door, scopes="launch/patient patient/*.rs openid fhirUser"), door)
    scope = "launch/patient patient/Observation.rs openid fhirUser"
    page = program.ask(browser, scope=scope)
    assert re.findall(r"<option>(p\d)</option>", page.text) == ["p1", "p2"]
    values = program.sign_in(browser, scope=scope)
    assert values["patient"] == "p1"
    caller = program.call(values["access_token"]).json()
    assert (caller["patients"], caller["scopes"][1]) == (["p1"], "patient/Observation.rs")
    assert caller["who"]["kind"] == "Patient"
    add(door.desk, "nurse", practitioner="n1")
    nurse = door.open_browser()
    nurse.sign_in("nurse")
    assert read_answer(program.ask(nurse, scope=scope))["error"] == "access_denied"


@pytest.fixture
def key() -> ECKey:
    return ECKey.generate_key("P-384", {"kid": "k1"})


def ask_system(door: Door, proof: dict[str, str], scope: str = "system/*.rs") -> Any:
    client = door.open_browser().client
    return client.post("/oauth/token", data={"grant_type": "client_credentials", "scope": scope} | proof)


def test_a_backend_service_proves_itself_by_its_key(door: Door, key: ECKey) -> None:
    app = register(door, key=key, scopes="system/*.rs", redirects=(), roles=frozenset({"researcher"}))
    proof = make_assertion(door, app, key)
    values = ask_system(door, proof).json()
    assert values["scope"] == "system/*.rs"
    assert 0 < values["expires_in"] <= 300
    assert "refresh_token" not in values
    caller = Program(app, door).client.get(
        "/caller", headers={"authorization": f"Bearer {values['access_token']}"}
    )
    assert caller.json()["roles"] == ["researcher"]
    assert caller.json()["who"] == {"kind": "Device", "id": app.id, "name": "Viewer"}
    assert ask_system(door, proof).json()["error"] == "invalid_client"
    assert ask_system(door, make_assertion(door, app, key), "user/*.rs").json()["error"] == "invalid_scope"
    assert (
        ask_system(door, make_assertion(door, app, key), "system/*.cruds").json()["error"] == "invalid_scope"
    )


PROOFS_THAT_DO_NOT_HOLD: list[Any] = [
    {"aud": "https://other.test/token"},
    {"iss": "somebody"},
    {"sub": "somebody"},
    {"exp": 1},
    {"exp": 9_999_999_999},
    {"exp": None},
    {"exp": "soon"},
    {"jti": None},
    {"nbf": 9_999_999_999},
]


def test_proofs_that_do_not_hold_are_refused(door: Door, key: ECKey) -> None:
    app = register(door, key=key, scopes="system/*.rs", redirects=())
    for claims in PROOFS_THAT_DO_NOT_HOLD:
        answer = ask_system(door, make_assertion(door, app, key, **claims))
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_proofs_by_other_keys_are_refused(door: Door, key: ECKey) -> None:
    app = register(door, key=key, scopes="system/*.rs", redirects=())
    forged = make_assertion(door, app, ECKey.generate_key("P-384", {"kid": "k1"}))
    public = OctKey.import_key(json.dumps(key.as_dict(private=False)))
    now_s = door.clock() // 1000
    claims = {"iss": app.id, "sub": app.id, "aud": door.house.base, "exp": now_s + 100, "jti": "j"}
    confused = jwt.encode({"alg": "HS256", "kid": "k1"}, claims, public, algorithms=["HS256"])
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    unsigned = f"{head}.{forged['client_assertion'].split('.')[1]}."
    for statement in (forged["client_assertion"], confused, unsigned, "a.b.c", "x", "", "e30.e30.e30"):
        answer = ask_system(door, forged | {"client_assertion": statement})
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client"), statement
    public_app = register(door, scopes="system/*.rs")
    assert ask_system(door, {"client_id": public_app.id}).json()["error"] == "invalid_client"


def test_introspection_tells_a_program_about_its_own_tokens(
    door: Door, program: Program, signed: Browser
) -> None:
    values = program.sign_in(signed)
    other = register(door)

    def look(token: str, app_id: str) -> dict[str, Any]:
        sent = {"token": token, "client_id": app_id}
        return dict(program.client.post("/oauth/introspect", data=sent).json())

    for token in (values["access_token"], values["refresh_token"]):
        found = look(token, program.app.id)
        assert found["active"] is True
        assert found["client_id"] == program.app.id
        assert look(token, other.id) == {"active": False}
    assert look("guessed", program.app.id) == {"active": False}


def test_a_revoked_grant_is_over(door: Door, program: Program, signed: Browser) -> None:
    values = program.sign_in(signed)
    other = register(door)
    sent = {"token": values["refresh_token"]}
    program.client.post("/oauth/revoke", data=sent | {"client_id": other.id})
    assert program.call(values["access_token"]).status_code == 200
    assert program.client.post("/oauth/revoke", data=sent | {"client_id": program.app.id}).status_code == 200
    door.gate._known.clear()
    assert program.call(values["access_token"]).status_code == 401
    assert program.renew(values["refresh_token"]).status_code == 400


def test_the_person_sees_and_ends_what_programs_may(door: Door, program: Program, signed: Browser) -> None:
    values = program.sign_in(signed)
    page = signed.get("/account").text
    assert "Viewer" in page
    id_ = re.findall(r'name="id" value="([0-9a-f]+)"', page)
    signed.send("/account/grants/end", {"id": id_[0]}, page="/account")
    door.gate._known.clear()
    assert program.call(values["access_token"]).status_code == 401


def test_what_is_published(door: Door, browser: Browser) -> None:
    openid = browser.get("/.well-known/openid-configuration").json()
    smart = browser.get("/fhir/.well-known/smart-configuration").json()
    for found in (openid, smart):
        assert found["issuer"] == door.house.base
        assert found["code_challenge_methods_supported"] == ["S256"]
        assert found["response_types_supported"] == ["code"]
        assert set(found["grant_types_supported"]) == {
            "authorization_code",
            "refresh_token",
            "client_credentials",
        }
        assert {"RS384", "ES384"} <= set(found["token_endpoint_auth_signing_alg_values_supported"])
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            assert found[name].startswith(door.house.base)
    assert {"launch-standalone", "permission-v2", "client-confidential-asymmetric"} <= set(
        smart["capabilities"]
    )
    security = browser.get("/fhir/metadata").json()["rest"][0]["security"]
    assert security["extension"][0]["extension"][0]["valueUri"] == openid["authorization_endpoint"]
    assert all(
        set(key) >= {"kid", "x", "y"} and "d" not in key for key in browser.get("/oauth/jwks").json()["keys"]
    )


def test_a_disabled_account_or_program_is_out(door: Door, program: Program, signed: Browser) -> None:
    from dataclasses import replace

    from oncopolis.record.accounts import program_rows

    values = program.sign_in(signed)
    add_administrator(door.desk)
    door.desk.mark(lambda s, _now: program_rows.disable_app(s, program.app.id, is_disabled=True))
    door.gate._known.clear()
    assert program.call(values["access_token"]).status_code == 401
    assert program.renew(values["refresh_token"]).status_code == 401
    door.desk.mark(lambda s, _now: program_rows.disable_app(s, program.app.id, is_disabled=False))
    door.gate._known.clear()
    assert program.call(values["access_token"]).status_code == 200
    kim = get_account(door.desk, "kim")
    change_account(door.desk, replace(kim, is_disabled=True), kim.who)
    door.gate._known.clear()
    assert program.call(values["access_token"]).status_code == 401
    assert program.call(values["access_token"], "/oauth/userinfo").status_code == 401


TOKENS_THAT_ARE_NOT_OURS: list[Any] = [
    ({}, {"exp": 1}),
    ({}, {"exp": None}),
    ({}, {"iss": "https://other.test"}),
    ({}, {"aud": "https://other.test/fhir"}),
    ({}, {"aud": None}),
    ({}, {"grant": "somebody-elses"}),
    ({}, {"nbf": 9_999_999_999}),
    ({"typ": "JWT"}, {}),
    ({"kid": "unknown"}, {}),
    ({"alg": "none"}, {}),
    ({"alg": "HS256"}, {}),
    ({"alg": "RS256"}, {}),
]


def test_tokens_that_are_not_ours_are_refused(door: Door, program: Program, signed: Browser) -> None:
    """Expired, for others, of another kind, though our key signed them; and all signed otherwise."""
    good = program.sign_in(signed)["access_token"]
    assert program.call(good).status_code == 200
    key = door.house.keyring.get_key()
    for head, claims in TOKENS_THAT_ARE_NOT_OURS:
        values = {name: value for name, value in (read_claims(good) | claims).items() if value is not None}
        header = {"alg": "ES256", "kid": str(key.kid), "typ": "at+jwt"} | head
        if header["alg"] == "none":
            parts = [
                base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
                for part in (header, values)
            ]
            token = f"{'.'.join(parts)}."
        elif header["alg"] == "HS256":
            public = OctKey.import_key(json.dumps(key.as_dict(private=False)))
            token = jwt.encode(header, values, public, algorithms=["HS256"])
        elif header["alg"] == "RS256":
            token = jwt.encode(header, values, RSAKey.generate_key(2048), algorithms=["RS256"])
        else:
            token = jwt.encode(header, values, key)
        answer = program.call(token)
        assert answer.status_code == 401, token
        assert answer.headers["www-authenticate"] == 'Bearer realm="oncopolis", error="invalid_token"'


def test_a_token_with_a_changed_sign_is_refused(program: Program, signed: Browser) -> None:
    good = program.sign_in(signed)["access_token"]
    head, payload, signature = good.split(".")
    changed = read_claims(good) | {"scope": "system/*.cruds"}
    other = encode(changed)
    forged = (f"{head}.{other}.{signature}", f"{head}.{payload}.{signature[::-1]}", f"{head}.{payload}.")
    for token in (*forged, f"{good}x", "Bearer", ".", "..", "x" * 60_000, "onc_guess"):
        assert program.call(token).status_code in (401, 400), token


def test_an_id_token_is_no_access_token(program: Program, signed: Browser) -> None:
    assert program.call(program.sign_in(signed)["id_token"]).status_code == 401


def test_a_token_ends_by_the_clock_even_while_it_is_remembered(
    door: Door, program: Program, signed: Browser
) -> None:
    token = program.sign_in(signed)["access_token"]
    assert program.call(token).status_code == 200
    door.clock.pass_s(ACCESS_S)
    assert program.call(token).status_code == 401
