"""What every test shares."""

from hypothesis import settings

# No test asserts wall time: machines are noisy.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
