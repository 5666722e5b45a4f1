"""How files of other programs are read."""
