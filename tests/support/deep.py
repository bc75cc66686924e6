"""`./dev test --deep`: the same tests, with many more and new examples.

A test's own @settings win over a profile, so the number that each test asks for
is raised after collection. (Tests that hand settings to `run_state_machine_as_test`
themselves are out of reach: let a machine carry them on its `TestCase`.)
"""

from collections.abc import Iterable
from typing import Any

from hypothesis import settings

FACTOR = 20
ON_FUNCTION = "_hypothesis_internal_use_settings"  # where hypothesis 6 keeps @settings


def deepen(items: Iterable[Any]) -> int:
    """Multiply the examples of all property tests among the items; how many there were."""
    functions = {getattr(item, "function", None) for item in items}
    cases = {getattr(item, "cls", None) for item in items}
    deepened = 0
    for holder, name in [
        *((function, ON_FUNCTION) for function in functions),
        *((case, "settings") for case in cases),
    ]:
        asked = getattr(holder, name, None)
        if isinstance(asked, settings):
            setattr(holder, name, settings(asked, max_examples=asked.max_examples * FACTOR))
            deepened += 1
    return deepened
