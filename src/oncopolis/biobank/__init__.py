"""The biobank: where specimens are, what they are, whose they are, and who may have them."""
