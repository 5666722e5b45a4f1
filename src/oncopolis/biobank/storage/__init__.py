"""Where specimens are: places, what moves between them, and tanks that have to be emptied."""
