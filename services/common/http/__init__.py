"""HTTP manners all services share: problems (RFC 9457), request ids, sign-in, health, metrics."""

from services.common.http.app import create_app
from services.common.http.problems import Problem
from services.common.http.signin import SignedIn, Staff, Writer, signed_in, staff_only
from services.common.http.types import HexId

__all__ = ["HexId", "Problem", "SignedIn", "Staff", "Writer", "create_app", "signed_in", "staff_only"]
