"""What programs find out by themselves: endpoints, abilities and keys."""

from typing import Any

from starlette.responses import JSONResponse, Response

from oncopolis.record.accounts.scopes import SIMPLE
from oncopolis.record.accounts.signing import ALGORITHM
from oncopolis.web.login.house import House
from oncopolis.web.login.visits import Visit

ASSERTION_ALGORITHMS = ("ES384", "RS384", "ES256", "RS256")
"""How programs may sign their proofs; the first two are SMART's."""

_RESOURCE_SCOPES = (
    "patient/*.rs",
    "patient/*.cruds",
    "user/*.rs",
    "user/*.cruds",
    "system/*.rs",
    "system/*.cruds",
)
_AUTHENTICATION = ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"]
_CAPABILITIES = [
    "launch-standalone",
    "client-public",
    "client-confidential-symmetric",
    "client-confidential-asymmetric",
    "sso-openid-connect",
    "context-standalone-patient",
    "permission-offline",
    "permission-online",
    "permission-patient",
    "permission-user",
    "permission-v1",
    "permission-v2",
    "authorize-post",
]
_SECURITY_SERVICE = "http://terminology.hl7.org/CodeSystem/restful-security-service"
_OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"


def list_endpoints(house: House) -> dict[str, str]:
    """Return our endpoints by their names in OAuth."""
    names = ("authorize", "token", "introspect", "revoke", "userinfo", "jwks")
    return {name: f"{house.base}/oauth/{name}" for name in names}


def show_openid(visit: Visit) -> Response:
    """OpenID Connect Discovery 1.0."""
    return _publish(_describe(visit.house) | {
        "userinfo_endpoint": list_endpoints(visit.house)["userinfo"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "nonce", "auth_time", "name", "locale",
            "fhirUser"],
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "prompt_values_supported": ["none", "login", "consent"],
    })  # fmt: skip


def show_smart(visit: Visit) -> Response:
    """SMART App Launch 2, ``.well-known/smart-configuration``."""
    return _publish(_describe(visit.house) | {"capabilities": _CAPABILITIES})


def show_keys(visit: Visit) -> Response:
    """The public keys we sign with."""
    return _publish({"keys": visit.house.keyring.list_public()})


def make_security(house: House) -> dict[str, Any]:
    """Return what the CapabilityStatement says about security."""
    endpoints = list_endpoints(house)
    uris = [
        {"url": name, "valueUri": endpoints[name]} for name in ("authorize", "token", "introspect", "revoke")
    ]
    return {
        "extension": [{"url": _OAUTH_URIS, "extension": uris}],
        "cors": False,
        "service": [{"coding": [{"system": _SECURITY_SERVICE, "code": "SMART-on-FHIR"}]}],
    }


def _describe(house: House) -> dict[str, Any]:
    endpoints = list_endpoints(house)
    return {
        "issuer": house.base,
        "authorization_endpoint": endpoints["authorize"],
        "token_endpoint": endpoints["token"],
        "introspection_endpoint": endpoints["introspect"],
        "revocation_endpoint": endpoints["revoke"],
        "management_endpoint": f"{house.base}/account",
        "jwks_uri": endpoints["jwks"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": _AUTHENTICATION,
        "token_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
        "scopes_supported": [*sorted(SIMPLE), *_RESOURCE_SCOPES],
    }


def _publish(values: dict[str, Any]) -> Response:
    headers = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
    return JSONResponse(values, headers=headers)
