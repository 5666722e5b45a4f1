"""Inventories as files: read with every problem told, taken over whole, written and compared."""
