"""A finding is a frozen record with a severity out of three."""

import pytest
from pydantic import ValidationError

from oncopolis.foundation import Finding

FIELDS = {"rule": "r", "severity": "warning", "where": "w", "message": "m"}


def test_what_is_not_stated_is_empty() -> None:
    """Actual, expected, source and fix are text, never None."""
    finding = Finding.model_validate(FIELDS)
    assert (finding.actual, finding.expected, finding.source, finding.fix) == ("", "", "", "")


@pytest.mark.parametrize("wrong", [{"severity": "fatal"}, {"note": "x"}, {"rule": None}])
def test_wrong_fields_are_refused(wrong: dict[str, object]) -> None:
    """Severities outside the list, unknown fields and missing texts are refused."""
    with pytest.raises(ValidationError):
        Finding.model_validate(FIELDS | wrong)


def test_findings_do_not_change_and_compare_by_value() -> None:
    """Two findings of the same content are equal, and neither can be altered."""
    finding = Finding.model_validate(FIELDS)
    assert finding == Finding.model_validate(FIELDS)
    with pytest.raises(ValidationError, match="frozen"):
        finding.rule = "other"  # type: ignore[misc]
