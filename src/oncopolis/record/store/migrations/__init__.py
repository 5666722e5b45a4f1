"""Steps from one form of the tables to the next, and the frame they run in."""
