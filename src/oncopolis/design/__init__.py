"""Project documentation: the brief that goes out, the model that comes back, shielding."""

from oncopolis.design.programme import Programme, make_programme

__all__ = ["Programme", "make_programme"]
