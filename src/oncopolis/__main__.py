"""``python -m oncopolis`` is the same as ``oncopolis``."""

from oncopolis.cli import main

if __name__ == "__main__":
    main()
