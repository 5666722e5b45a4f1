"""The inventory as a whole: brought in from elsewhere, made up to measure by, and checked."""
