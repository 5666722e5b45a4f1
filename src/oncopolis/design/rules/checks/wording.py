"""Numbers as findings write them."""


def to_m(value: float) -> str:
    """Write a length."""
    return f"{value:.3f}".rstrip("0").rstrip(".") + " m"


def to_m2(value: float, digits: int = 2) -> str:
    """Write an area."""
    text = f"{value:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + " m²"


def to_number(value: float, unit: str = "") -> str:
    """Write a number with four digits."""
    return f"{value:.4g} {unit}".strip()
