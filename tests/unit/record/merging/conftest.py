"""A store on each kind of database."""

from tests.databases import cluster, database_url
from tests.unit.record.store.conftest import keys, open_another, store

__all__ = ["cluster", "database_url", "keys", "open_another", "store"]
