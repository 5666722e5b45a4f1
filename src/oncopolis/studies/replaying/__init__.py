"""A day of the twin, lived by the live centre: drawn, written as scripts, sent, and compared."""
