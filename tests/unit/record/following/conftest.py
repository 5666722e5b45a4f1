"""Stores on both databases."""

from tests.unit.record.store.conftest import cluster, database_url, keys, open_another, own_cluster, store

__all__ = ["cluster", "database_url", "keys", "open_another", "own_cluster", "store"]
