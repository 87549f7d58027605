"""Hypothesis profiles: `dev` looks at new examples each time, `ci` at more, and always the same.

No deadlines: on a busy machine they fail for no reason of ours. HYPOTHESIS_PROFILE chooses; CI means `ci`.
"""

import os

from hypothesis import HealthCheck, settings


def load() -> None:
    """Register the profiles and load the chosen one."""
    slow_is_fine = [HealthCheck.too_slow, HealthCheck.data_too_large]
    settings.register_profile("dev", deadline=None, max_examples=40, suppress_health_check=slow_is_fine)
    settings.register_profile(
        "ci", deadline=None, max_examples=100, derandomize=True, suppress_health_check=slow_is_fine
    )
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))
