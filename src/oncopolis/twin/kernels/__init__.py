"""Hot loops of the twin: one event after the other on plain arrays."""
