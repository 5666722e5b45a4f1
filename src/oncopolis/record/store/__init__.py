"""The store: one transaction for records, index, claims, audit and outgoing messages."""

from oncopolis.record.store.store import Store, look, open_store
from oncopolis.record.store.transaction import Transaction

__all__ = ["Store", "Transaction", "look", "open_store"]
