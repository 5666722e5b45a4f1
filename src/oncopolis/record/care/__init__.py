"""Care of the store: verification from outside, backups, restoring, and copies at a second place."""
