"""Jobs for tests of the workers; processes of their own import them from here."""

import multiprocessing
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Payload = Mapping[str, Any]


def note(payload: Payload) -> None:
    with Path(payload["file"]).open("a", encoding="utf-8") as file:
        file.write(f"{payload.get('text', 'done')}\n")


def fail(payload: Payload) -> None:
    note(payload)
    raise ValueError("no such luck")


def die(payload: Payload) -> None:
    note(payload)
    os._exit(7)


def sleep(payload: Payload) -> None:
    note(payload)
    time.sleep(600)


def share(payload: Payload) -> None:
    """Work with a process of its own, as a plan does."""
    process = multiprocessing.get_context("fork").Process(target=sleep, args=(payload,))
    process.start()
    process.join()


WORK: dict[str, Callable[[Payload], None]] = {
    "note": note,
    "fail": fail,
    "die": die,
    "sleep": sleep,
    "share": share,
}
