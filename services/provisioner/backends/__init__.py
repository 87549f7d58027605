"""Backends: the ways to make, find and close an account at a target. See `protocol`."""
