"""What a review says on the terminal."""

from typing import Any

from oncopolis.report.language import find_language
from oncopolis.report.review.wording import tell_actual

_N_SHOWN = 12  # structure: lines of findings on the terminal


def count_groups(document: dict[str, Any]) -> dict[str, int]:
    """Return how many groups of findings there are: errors, warnings, notes, unknown, known, waived."""
    counted = dict.fromkeys(("error", "warning", "note", "unknown", "known", "waived"), 0)
    for group in document["groups"]:
        counted[group["severity"] if group["state"] == "failed" else group["state"]] += 1
    return counted


def summarise_review(document: dict[str, Any], language: str) -> str:
    """Write the verdict and the gravest findings."""
    chosen = find_language(language)
    text, label, n = chosen.text, chosen.label, count_groups(document)
    lines = [
        text(
            "{files} files, {spaces} spaces, {doors} doors; {errors} errors, {warnings} warnings, "
            "{unknown} not checkable, {waived} waived.",
            files=len(document["building"]["files"]),
            spaces=document["building"]["n_spaces"],
            doors=document["building"]["n_doors"],
            errors=n["error"],
            warnings=n["warning"],
            unknown=n["unknown"],
            waived=n["waived"] + n["known"],
        )
    ]
    failed = [group for group in document["groups"] if group["state"] == "failed"]
    lines += [
        f"{text(group['severity'])}: {label(group['message'])} ({group['n']}): "
        f"{tell_actual(chosen, group)} / {label(group['expected'])} [{group['rule']}]"
        for group in failed[:_N_SHOWN]
    ]
    if len(failed) > _N_SHOWN:
        lines.append(text("and {n} more in the report", n=len(failed) - _N_SHOWN))
    return "\n".join(lines)
