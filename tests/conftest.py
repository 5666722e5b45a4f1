"""What holds for all suites: generated cases are the same in every run, and a busy machine fails none."""

from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")
