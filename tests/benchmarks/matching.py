"""An evening of 1,000 families and 1,000 volunteers assigned at once: python -m tests.benchmarks.matching"""

import json
import sys
import time

import django

django.setup()

from tests.factories import TODAY  # noqa: E402 - the apps must be ready
from tests.volunteers.test_matching import a_house  # noqa: E402
from volunteers import matching  # noqa: E402

SIZE = 1_000

if __name__ == "__main__":
    needs, helpers = a_house(11, SIZE, SIZE)
    matching.assignment(needs[:2], helpers[:2], on=TODAY)  # loads SciPy
    began = time.perf_counter()
    pairs = matching.assignment(needs, helpers, on=TODAY)
    json.dump({"seconds": time.perf_counter() - began, "pairs": len(pairs)}, sys.stdout)
