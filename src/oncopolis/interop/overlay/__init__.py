"""Beside another system: who is master of what, and what happens when two say different things."""
