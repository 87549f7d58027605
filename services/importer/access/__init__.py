"""Tokens, sessions and the audit trail, as the one service that gives them out serves them."""
