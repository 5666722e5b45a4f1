"""The garbage collector of a server: what stands on the floor is not looked through again and again.

Everything of a large centre takes the collector half a second to look through, in which nobody is answered.
What is dropped here is almost always freed without it, for little refers back to what refers to it.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_YOUNG, _MIDDLE, _OLD = 20_000, 20, 100  # structure: objects more, and rounds, after which it looks again


@contextmanager
def settled() -> Iterator[None]:
    """Leave alone what is there now, and look through what comes later more rarely."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
