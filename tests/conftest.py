"""Hypothesis profiles for all tests: ``HYPOTHESIS_PROFILE=ci`` is long and always the same, ``dev`` is short."""

import os

from hypothesis import HealthCheck, settings

# No deadline: what is slow under coverage or on a busy machine is not wrong.
SLOW_IS_FINE = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("dev", max_examples=25, deadline=None, suppress_health_check=SLOW_IS_FINE)
settings.register_profile(
    "ci", max_examples=200, deadline=None, suppress_health_check=SLOW_IS_FINE, derandomize=True, print_blob=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))
