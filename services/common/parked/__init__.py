"""Parked, not lost: records nobody can read are kept as they were, and the partition goes on (decision D14).

Each service parks in a table of its own, in the transaction that moves its position. People look at what is there,
send it through the service's door again, or drop it; both are jobs, and nothing is ever deleted (ADR 0025).
"""

from services.common.parked.parking import Unread, park, written_at

__all__ = ["Unread", "park", "written_at"]
