"""Bodies of requests, as every service reads them."""

from services.common.http.bodies import Reason, read_body, storable

__all__ = ["Reason", "read_body", "storable"]
