"""Programs that ask a login for access, as SMART apps and backend services do."""

import base64
import hashlib
import json
import re
import secrets
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey
from tests.doors import Browser, Door, read_answer

from oncopolis.record.accounts import App, program_rows, tokens

BACK = "https://app.test/back"
SCOPES = "openid profile fhirUser offline_access user/*.rs"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def register(door: Door, *, secret: str | None = None, key: ECKey | None = None, **members: Any) -> App:
    keys = json.dumps({"keys": [key.as_dict(private=False)]}) if key else None
    scopes = tuple(members.pop("scopes", SCOPES).split())
    app = App(
        str(uuid4()), "Viewer", members.pop("redirects", (BACK,)), keys, secret is not None, scopes, **members
    )
    digest = tokens.digest(secret) if secret else None
    door.desk.mark(lambda session, now_ms: program_rows.add_app(session, app, digest, now_ms))
    return app


class Program:
    """One that asks with PKCE."""

    def __init__(self, app: App, door: Door, *, secret: str | None = None) -> None:
        self.app, self.door, self.secret = app, door, secret
        self.verifier = secrets.token_urlsafe(32)
        self.client = httpx.Client(base_url=door.house.base, timeout=30)
        door.browsers.append(self.client)

    def make_query(self, **changes: str | None) -> dict[str, str]:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=")
        query: dict[str, str | None] = {
            "response_type": "code", "client_id": self.app.id, "redirect_uri": self.app.redirects[0],
            "scope": SCOPES, "state": "state-1", "nonce": "nonce-1", "aud": self.door.house.fhir,
            "code_challenge": challenge.decode(), "code_challenge_method": "S256",
        }  # fmt: skip
        return {name: value for name, value in (query | changes).items() if value is not None}

    def ask(self, browser: Browser, **changes: str | None) -> httpx.Response:
        """The consent page, or what comes instead."""
        return browser.get(f"/oauth/authorize?{urlencode(self.make_query(**changes))}")

    def consent(self, browser: Browser, said: str = "allow", **changes: Any) -> httpx.Response:
        """What the program is answered once the person has said yes, or no."""
        page = self.ask(browser, **changes)
        assert page.status_code == 200, page.headers.get("location", page.text)
        form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
        form = {name: value.replace("&#34;", '"').replace("&amp;", "&") for name, value in form.items()}
        return browser.client.post(
            "/oauth/authorize", data=form | {"answer": said}, headers={"origin": browser.base}
        )

    def get_code(self, browser: Browser, **changes: Any) -> str:
        return read_answer(self.consent(browser, **changes))["code"]

    def exchange(self, given: str, **changes: str | None) -> httpx.Response:
        form: dict[str, str | None] = {
            "grant_type": "authorization_code", "code": given, "redirect_uri": self.app.redirects[0],
            "code_verifier": self.verifier, "client_id": self.app.id,
        }  # fmt: skip
        return self._send(form | changes)

    def renew(self, refresh: str, **changes: str | None) -> httpx.Response:
        form: dict[str, str | None] = {
            "grant_type": "refresh_token", "refresh_token": refresh, "client_id": self.app.id,
        }  # fmt: skip
        return self._send(form | changes)

    def _send(self, form: dict[str, str | None]) -> httpx.Response:
        auth = httpx.BasicAuth(self.app.id, self.secret) if self.secret else httpx.USE_CLIENT_DEFAULT
        sent = {name: value for name, value in form.items() if value is not None}
        return self.client.post("/oauth/token", data=sent, auth=auth)

    def sign_in(self, browser: Browser, **changes: Any) -> dict[str, Any]:
        """Tokens, by the whole way."""
        answer = self.exchange(self.get_code(browser, **changes))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def call(self, token: str, path: str = "/caller", **headers: str) -> httpx.Response:
        return self.client.get(path, headers={"authorization": f"Bearer {token}", **headers})


def make_assertion(
    door: Door, app: App, key: ECKey, algorithm: str = "ES384", **claims: Any
) -> dict[str, str]:
    """The proof of a backend service, as form fields."""
    now_s = door.clock() // 1000
    values = {
        "iss": app.id, "sub": app.id, "aud": f"{door.house.base}/oauth/token", "exp": now_s + 200,
        "jti": str(uuid4()),
    } | claims  # fmt: skip
    kept = {name: value for name, value in values.items() if value is not None}
    signed = jwt.encode({"alg": algorithm, "kid": key.kid}, kept, key, algorithms=[algorithm])
    return {"client_assertion_type": ASSERTION, "client_assertion": signed}
