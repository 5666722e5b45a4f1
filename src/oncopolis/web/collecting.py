"""The garbage collector of a server, and of whoever measures one: nobody waits for it for long.

Everything of a large centre takes the collector half a second to look through, in which nobody is answered.
What is dropped here is almost always freed without it, for little refers back to what refers to it.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_YOUNG, _MIDDLE, _OLD = 10_000, 2, 2_000  # structure: objects more, and rounds, after which it looks again


@contextmanager
def settled() -> Iterator[None]:
    """Leave alone what is there now, and what comes later once it was looked through twice.

    Each look is at a few ten thousand objects and takes milliseconds; rarer ones at more would stop everybody
    for a tenth of a second.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Look at nothing meanwhile: an instrument that keeps all it is told would stop for seconds."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
