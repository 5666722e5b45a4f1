"""The pages of staff, and the stream of events that keeps all pages up to date."""
