"""What every test shares."""

import os

from hypothesis import settings

# No test asserts wall time: machines are noisy. The same code gets the same examples, so that a
# verdict is the code's and not the day's; `make explore` looks for new ones.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))
