"""Who asks for specimens, what they are given, and how it gets to them."""
