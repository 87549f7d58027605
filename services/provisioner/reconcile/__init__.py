"""Comparing our accounts with those of the account service: what only one of the two knows."""
