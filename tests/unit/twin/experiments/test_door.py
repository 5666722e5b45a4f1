"""The door of the experiments."""

import subprocess
import sys

SCRIPT = """
import sys
import oncopolis.twin
before = set(sys.modules)
import oncopolis.twin.experiments as door
assert all(hasattr(door, name) for name in door.__all__)
print(*sorted({name.partition(".")[0] for name in set(sys.modules) - before}))
"""


def test_opening_it_loads_nothing_slow() -> None:
    loaded = subprocess.run([sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True).stdout
    assert not {"scipy", "joblib", "distributed", "dask"} & set(loaded.split())
