"""How thoroughly properties are tried: the same examples in every run, or more of them at random.

``HERALD_EXAMPLES=2000 pytest tests/properties`` tries so many examples of each property that does
not say its own number, with another seed each time.
"""

import os

from hypothesis import HealthCheck, settings

_EXAMPLES = int(os.environ.get("HERALD_EXAMPLES", "0"))

settings.register_profile(
    "same",
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],  # a busy machine is no fault of a strategy
)
settings.register_profile(
    "more", settings.get_profile("same"), derandomize=False, max_examples=_EXAMPLES or 100
)
settings.load_profile("more" if _EXAMPLES else "same")
