"""What the evidence says about shielding: single figures by key."""

from oncopolis.evidence import load_evidence


def get_fact(key: str) -> float:
    """Return the value of the row ``shielding.<key>``.

    Raises
    ------
    EvidenceError
        If there is no such row.
    """
    return load_evidence().get_row(f"shielding.{key}", "shielding").value


def list_facts(prefix: str) -> dict[str, float]:
    """Return the values of all rows below ``shielding.<prefix>.``, by the last word of their key."""
    start = f"shielding.{prefix}."
    rows = load_evidence().rows.items()
    return {key.removeprefix(start): row.value for key, row in rows if key.startswith(start)}
