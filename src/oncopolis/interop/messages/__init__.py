"""Messages as records: kept as they came, applied once, replayed, and what somebody has to see to."""
