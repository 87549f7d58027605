"""Doing the work: what is in hand, claiming more, calling the account service, recording what came of it."""
