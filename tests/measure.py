"""Measures how much work something is against a yardstick in the same run, because machines are noisy and differ."""

import json
import time
from collections.abc import Callable

_PAGE = {"lines": [{"number": number, "words": "the same few words"} for number in range(20)], "safe": {"post": "yes"}}


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _yardstick() -> None:
    """A thousand small JSON documents written and read again."""
    for _ in range(1000):
        json.loads(json.dumps(_PAGE))


def effort(work: Callable[[], object]) -> float:
    """The processor time of the work, in small JSON documents written and read (thousands of them)."""
    return _cpu(work) / min(_cpu(_yardstick) for _ in range(3))
