"""The inner loop of the search for rosters."""
