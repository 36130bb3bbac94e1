"""What every test shares."""

import os

from hypothesis import HealthCheck, settings

# No test asserts wall time: machines are noisy. The same code gets the same examples, so that a
# verdict is the code's and not the day's; `make explore` looks for new ones.
NO_CLOCK = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("house", NO_CLOCK, derandomize=True)
settings.register_profile("explore", NO_CLOCK, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))
