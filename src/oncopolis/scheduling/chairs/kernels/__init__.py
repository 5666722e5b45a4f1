"""The inner loop of the search for times in chairs."""
