"""SCRAM-SHA-256 verifiers, so that a password itself never appears in a statement or a server log."""

import base64
import hashlib
import hmac

_ITERATIONS = 4096


def verifier(password: str, salt: bytes) -> str:
    """The form in which PostgreSQL keeps a password (RFC 5803).

    Args:
        password: ASCII only, so that no preparation of the string is needed.
        salt: 16 random bytes.
    """
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, _ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored_key = hashlib.sha256(client_key).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${_ITERATIONS}:{_b64(salt)}${_b64(stored_key)}:{_b64(server_key)}"


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
