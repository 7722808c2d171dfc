"""What the library is told about the municipality's own log-in: by OpenID Connect, or by SAML as an extra."""

NAMES = {
    "first_name": ["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname", "urn:oid:2.5.4.42"],
    "last_name": ["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname", "urn:oid:2.5.4.4"],
}
SUBJECT = "urn:oasis:names:tc:SAML:attribute:subject-id"


def openid(env, name: str, key: str) -> dict:
    """The one app of allauth's OpenID provider. env: a reader of the environment."""
    server = env.str("OIDC_SERVER", default="")
    return {
        "provider_id": key,
        "name": name,
        "client_id": env.str("OIDC_CLIENT_ID", default=""),
        "secret": env.str("OIDC_CLIENT_SECRET", default=""),
        "settings": {"server_url": server, "oauth_pkce_enabled": True, "fetch_userinfo": False},
    }


def saml(env, name: str, key: str) -> dict:
    """The one app of allauth's SAML provider. SAML_UID_ATTRIBUTE is what never changes about a person."""
    idp = {word: env.str(f"SAML_{word.upper()}", default="") for word in ("metadata_url", "entity_id")}
    return {
        "provider_id": "saml",
        "name": name,
        "client_id": key,
        "settings": {
            "idp": idp,
            "attribute_mapping": {"uid": env.str("SAML_UID_ATTRIBUTE", default=SUBJECT), **NAMES},
            "advanced": {"strict": True, "want_assertion_signed": True, "reject_idp_initiated_sso": True},
        },
    }
