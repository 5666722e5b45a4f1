"""Which field of a message is which element of a record: one table for both directions."""
