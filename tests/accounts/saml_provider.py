"""A small SAML provider on this machine: its metadata are fetched, its answers are signed."""

import base64
import threading
import zlib
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from tests.accounts.provider import new_key

SSO_PATH = "/sso"
METADATA = """<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"
  entityID="{address}"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
  <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate>
  </ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
  <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{address}/sso"/>
  </md:IDPSSODescriptor></md:EntityDescriptor>"""
ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="http://www.w3.org/2001/XMLSchema"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ID="{name}" Version="2.0" IssueInstant="{now}">
  <saml:Issuer>{address}</saml:Issuer><saml:Subject>
  <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">{name}</saml:NameID>
  <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData
  NotOnOrAfter="{later}" Recipient="{acs}"{answers}/></saml:SubjectConfirmation></saml:Subject>
  <saml:Conditions NotBefore="{earlier}" NotOnOrAfter="{later}"><saml:AudienceRestriction>
  <saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
  <saml:AuthnStatement AuthnInstant="{now}" SessionIndex="{name}"><saml:AuthnContext><saml:AuthnContextClassRef>
  urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
  <saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"""
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
  xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="r{name}" Version="2.0" IssueInstant="{now}"
  Destination="{acs}"{answers}><saml:Issuer>{address}</saml:Issuer><samlp:Status><samlp:StatusCode
  Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""


def text_of(key, certificate) -> tuple[str, str]:
    """(key, certificate) as PEM."""
    made = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return made.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


def new_pair() -> tuple[str, str]:
    key, name = new_key(), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "provider")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
    return text_of(key, made.sign(key, hashes.SHA256()))


class SamlProvider:
    """attributes: name → values, what it says of whoever logs in."""

    def __init__(self):
        self.key, self.certificate = new_pair()
        self.attributes: dict[str, list[str]] = {}
        self.audience = ""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (Answers,), {"provider": self}))
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def metadata(self) -> str:
        plain = "".join(self.certificate.splitlines()[1:-1])
        return METADATA.format(address=self.address, certificate=plain)

    def answer(
        self, url: str, *, signed: bool = True, pair: tuple[str, str] | None = None, to: str | None = None
    ) -> dict:
        """What the browser brings back after logging in at `url`: the fields of the POST."""
        asked = base64.b64decode(parse_qs(urlsplit(url).query)["SAMLRequest"][0])
        request = ElementTree.fromstring(zlib.decompress(asked, -15))
        stamp = "%Y-%m-%dT%H:%M:%SZ"
        now, minute = datetime.now(UTC), timedelta(minutes=1)
        facts = {
            "name": OneLogin_Saml2_Utils.generate_unique_id(),
            "now": now.strftime(stamp),
            "earlier": (now - minute).strftime(stamp),
            "later": (now + minute).strftime(stamp),
            "address": self.address,
            "acs": request.attrib["AssertionConsumerServiceURL"],
            "audience": self.audience or request[0].text,
            "answers": f' InResponseTo="{request.attrib["ID"] if to is None else to}"' if to != "" else "",
        }
        values = "".join(
            f'<saml:Attribute Name="{escape(name)}">'
            + "".join(f"<saml:AttributeValue>{escape(value)}</saml:AttributeValue>" for value in given)
            + "</saml:Attribute>"
            for name, given in self.attributes.items()
        )
        assertion = ASSERTION.format(attributes=values, **facts)
        if signed:
            key, certificate = pair or (self.key, self.certificate)
            assertion = OneLogin_Saml2_Utils.add_sign(assertion, key, certificate).decode()
            assertion = assertion[assertion.index("<saml:Assertion") :]
        whole = RESPONSE.format(assertion=assertion, **facts)
        return {"SAMLResponse": base64.b64encode(whole.encode()).decode(), "RelayState": ""}


class Answers(BaseHTTPRequestHandler):
    provider: SamlProvider

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.end_headers()
        self.wfile.write(self.provider.metadata().encode())

    def log_message(self, *args):
        pass
