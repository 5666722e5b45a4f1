"""The operational API: plain JSON, described by its own OpenAPI document."""

from oncopolis.web.api.application import make_api
from oncopolis.web.needs import Gate, Needs

__all__ = ["Gate", "Needs", "make_api"]
