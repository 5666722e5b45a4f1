"""Colours and sizes of the pictures. Colours are told apart by people who do not see red or green."""

INK = "#1c2733"
MUTED = "#54616e"
FAINT = "#8b97a3"
GRID = "#e3e8ed"
PAPER = "#ffffff"

BLUE = "#1f5a8a"
TEAL = "#2a8c82"
AMBER = "#c8862a"
ROSE = "#b5546a"
PALE_BLUE = "#a9c6de"
PALE_AMBER = "#ecd0a0"

SERIES = (
    "#1f5a8a",
    "#74a9cf",
    "#2a8c82",
    "#94cfc5",
    "#c8862a",
    "#ecc987",
    "#8a5a8f",
    "#c9a3cb",
    "#6b7885",
    "#c3ccd5",
)
"""For stacked layers: dark and light in turn, so that neighbours differ in lightness too."""

HEAT = ("#eef3f7", "#d5e2ed", "#b0cbe0", "#82aecd", "#4d86b3", "#1f5a8a", "#12334f")
"""From nothing to full, each step darker."""

WIDTH = 760
"""Width of a full picture in its own units; one unit is about a CSS pixel."""

TEXT = 12
SMALL = 11
LINE = 16
"""Distance between two lines of text."""

LETTER_WIDTH = 0.55
WIDE_LETTER_WIDTH = 1.0
WIDE_LETTERS_FROM = "\u1100"
"""Hangul begins here; its letters are as wide as they are high."""
