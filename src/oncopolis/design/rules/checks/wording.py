"""Numbers as findings write them."""


def to_m(value: float) -> str:
    """Write a length."""
    return f"{value:.3f}".rstrip("0").rstrip(".") + " m"


def to_m2(value: float) -> str:
    """Write an area; the third digit tells copies apart."""
    return f"{value:.3f}".rstrip("0").rstrip(".") + " m²"


def to_number(value: float, unit: str = "") -> str:
    """Write a number with four digits."""
    return f"{value:.4g} {unit}".strip()
