"""A small OpenID provider on this machine: everything that is signed, asked and answered is real."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "indgang", "provider-and-indgang-know-it"


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """claims: what it says of whoever logs in; `spoil` may change the token before it is signed."""

    def __init__(self):
        self.key = self.published = new_key()
        self.claims: dict = {"sub": "5f1e-stabil"}
        self.spoil = lambda token: token
        self.codes: dict[str, dict] = {}
        self.asked: list[dict] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (Answers,), {"provider": self}))
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def configuration(self) -> dict:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.published.public_key()))
        return {"keys": [public | {"kid": "one", "alg": "RS256", "use": "sig"}]}

    def log_in(self, url: str) -> str:
        """What the person's browser does at the provider: back to us with a code."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.asked.append(asked)
        code = secrets.token_urlsafe(12)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict) -> dict | None:
        """None where the code is unknown, used, or asked for by somebody without the verifier."""
        asked = self.codes.pop(sent.get("code", ""), None)
        if asked is None or (sent.get("client_id"), sent.get("client_secret")) != (CLIENT, SECRET):
            return None
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked.get("code_challenge"):
            return None
        now = int(time.time())
        told = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked.get("nonce", "")}
        signed = jwt.encode(self.spoil(told | self.claims), self.key, "RS256", {"kid": "one"})
        return {"access_token": "unused", "token_type": "Bearer", "id_token": signed}


class Answers(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self):
        path = urlsplit(self.path).path
        known = {"/.well-known/openid-configuration": self.provider.configuration, "/keys": self.provider.keys}
        self.answer(known[path]() if path in known else None)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answer(self.provider.token({name: values[0] for name, values in parse_qs(body).items()}))

    def answer(self, data: dict | None):
        body = json.dumps(data if data is not None else {"error": "invalid_grant"}).encode()
        self.send_response(200 if data is not None else 400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Quiet."""
