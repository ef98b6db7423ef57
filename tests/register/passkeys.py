"""A passkey in software: answers registration and authentication as a browser with a security key would."""

from __future__ import annotations

import json
import secrets
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

FLAGS = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class Passkey:
    """One key pair for one address."""

    def __init__(self, origin: str = "http://localhost:8000", rp: str = "localhost") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.origin = origin
        self.rp_hash = sha256(rp.encode()).digest()
        self.counter = 0

    def register(self, options: dict[str, Any]) -> str:
        """The answer to creation options, as JSON for the form's hidden field."""
        self.user = options["publicKey"]["user"]["id"]
        credential = AttestedCredentialData.create(
            Aaguid.NONE, self.id, ES256.from_cryptography_key(self.key.public_key())
        )
        data = AuthenticatorData.create(
            self.rp_hash, FLAGS | AuthenticatorData.FLAG.AT, self.counter, bytes(credential)
        )
        attestation = AttestationObject.create("none", data, {})
        client = self._client_data("webauthn.create", options)
        return self._answer({"clientDataJSON": client, "attestationObject": websafe_encode(attestation)})

    def sign(self, options: dict[str, Any]) -> str:
        """The answer to request options, as JSON for the form's hidden field."""
        self.counter += 1
        data = AuthenticatorData.create(self.rp_hash, FLAGS, self.counter)
        client = self._client_data("webauthn.get", options)
        told = data + sha256(_decoded(client)).digest()
        return self._answer(
            {
                "clientDataJSON": client,
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(self.key.sign(told, ec.ECDSA(SHA256()))),
                "userHandle": self.user,
            }
        )

    def _client_data(self, kind: str, options: dict[str, Any]) -> str:
        data = {"type": kind, "challenge": options["publicKey"]["challenge"], "origin": self.origin}
        return websafe_encode(json.dumps(data).encode())

    def _answer(self, response: dict[str, Any]) -> str:
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )


def _decoded(text: str) -> bytes:
    from fido2.utils import websafe_decode

    return websafe_decode(text)
