"""The store: one transaction for records, index, claims, audit and outgoing messages."""

from oncopolis.record.store.store import Store, open_store
from oncopolis.record.store.transaction import Transaction

__all__ = ["Store", "Transaction", "open_store"]
