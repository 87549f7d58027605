"""Hypothesis settings for these tests."""

from tests.support import hypothesis_profiles

hypothesis_profiles.load()
