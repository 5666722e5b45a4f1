"""Hot loops of the search for a plan of theatres and wards, on plain arrays."""
