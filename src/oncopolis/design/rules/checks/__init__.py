"""The checks that rules are decided by, each by its name."""
