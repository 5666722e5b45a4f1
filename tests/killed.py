"""A store under load in a process of its own, telling its parent what it was answered, until it is killed.

Usage: python killed.py URL THREADS SEED
"""

import sys
import threading
from functools import partial
from typing import Any

from oncopolis.record import Act, Version, Who
from oncopolis.record.store.store import open_store
from oncopolis.record.store.transaction import Transaction

ACT = Act("C", "load", Who("Device", "test"), "r")


def _put(task: dict[str, Any], transaction: Transaction) -> Version:
    return transaction.put(task)


def main() -> None:
    """Write until the end."""
    url, n_threads, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    store = open_store(url)
    lock = threading.Lock()

    def live(number: int) -> None:
        for i in range(1_000_000):
            task: dict[str, Any] = {
                "resourceType": "Task",
                "id": f"shared-{i % 3}" if i % 4 == 0 else f"own-{seed}-{number}-{i}",
                "status": "requested",
                "intent": "order",
                "description": f"{seed}/{number}/{i}",
            }
            made = store.submit(partial(_put, task), ACT).result()
            with lock:
                sys.stdout.write(f"{made.id} {made.version} {task['description']}\n")
                sys.stdout.flush()

    for number in range(n_threads):
        threading.Thread(target=live, args=(number,)).start()


main()
