"""Everything that is checked about one resource."""

from collections.abc import Mapping
from typing import Any

from oncopolis.record.fhir.checking import check_resource
from oncopolis.record.fhir.validating.remarks import Remark

__all__ = ["validate"]


def validate(resource: Mapping[str, Any]) -> list[Remark]:
    """Remarks about a resource as `text.parse` gives it."""
    return [
        Remark("error", issue.code, issue.path, "base", f"got {issue.got}, expected {issue.expected}")
        for issue in check_resource(resource)
    ]
