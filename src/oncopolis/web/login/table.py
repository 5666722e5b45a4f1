"""Every address of the login, with who may call it."""

from starlette.responses import Response

from oncopolis.web.app import FHIR
from oncopolis.web.login import (
    account_pages,
    app_pages,
    authenticating,
    outside_pages,
    own_page,
    passkeys,
    signing_in,
)
from oncopolis.web.login.provider import consenting, exchanging, publishing
from oncopolis.web.login.routing import AUTHORIZE, Page
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import go


def _go_home(visit: Visit) -> Response:
    return go(visit.house.home)


PAGES = (
    Page("GET", "/", "anybody", _go_home),
    Page("GET", "/login", "anybody", signing_in.show_sign_in),
    Page("POST", "/login", "anybody", signing_in.take_sign_in),
    Page("POST", "/login/code", "anybody", signing_in.take_code),
    Page("POST", "/login/out", "anybody", signing_in.take_sign_out),
    Page("GET", "/login/link/{secret}", "anybody", signing_in.show_link),
    Page("POST", "/login/link/{secret}", "anybody", signing_in.take_link),
    Page("POST", "/login/passkey/offer", "anybody", passkeys.offer_entry, is_for_script=True),
    Page("POST", "/login/passkey", "anybody", passkeys.take_entry, is_for_script=True),
    Page("POST", "/login/outside", "anybody", outside_pages.go_outside),
    Page("GET", outside_pages.BACK, "anybody", outside_pages.come_back),
    Page("GET", "/account", "signed in", own_page.show_own),
    Page("POST", "/account/password", "signed in", own_page.take_password),
    Page("POST", "/account/language", "signed in", own_page.take_language),
    Page("POST", "/account/sessions/end", "signed in", own_page.take_session_end),
    Page("POST", "/account/grants/end", "signed in", own_page.take_grant_end),
    Page("POST", "/account/passkeys/offer", "signed in", passkeys.offer_new, is_for_script=True),
    Page("POST", "/account/passkeys", "signed in", passkeys.take_new, is_for_script=True),
    Page("POST", "/account/passkeys/remove", "signed in", passkeys.take_away),
    Page("POST", "/account/authenticator/offer", "signed in", authenticating.take_offer),
    Page("POST", "/account/authenticator", "signed in", authenticating.take_first),
    Page("POST", "/account/authenticator/remove", "signed in", authenticating.take_away),
    Page("GET", "/accounts", "administrator", account_pages.show_accounts),
    Page("POST", "/accounts", "administrator", account_pages.take_account),
    Page("GET", "/accounts/{id}", "administrator", account_pages.show_account),
    Page("POST", "/accounts/{id}", "administrator", account_pages.change),
    Page("POST", "/accounts/{id}/link", "administrator", account_pages.take_link),
    Page("POST", "/accounts/{id}/factors/remove", "administrator", account_pages.take_factors),
    Page("POST", "/accounts/{id}/end", "administrator", account_pages.take_end),
    Page("GET", "/apps", "administrator", app_pages.show_apps),
    Page("POST", "/apps", "administrator", app_pages.take_app),
    Page("POST", "/apps/state", "administrator", app_pages.take_app_state),
    Page("POST", "/apps/tokens/end", "administrator", app_pages.take_token_end),
    Page("GET", AUTHORIZE, "anybody", consenting.show_consent),
    Page("POST", AUTHORIZE, "anybody", consenting.take_consent),
    Page("POST", "/oauth/token", "program", exchanging.take_token),
    Page("POST", "/oauth/introspect", "program", exchanging.take_introspect),
    Page("POST", "/oauth/revoke", "program", exchanging.take_revoke),
    Page("GET", "/oauth/userinfo", "program", exchanging.show_user),
    Page("POST", "/oauth/userinfo", "program", exchanging.show_user),
    Page("GET", "/oauth/jwks", "program", publishing.show_keys),
    Page("GET", "/.well-known/openid-configuration", "program", publishing.show_openid),
    Page("GET", f"{FHIR}/.well-known/smart-configuration", "program", publishing.show_smart),
)
