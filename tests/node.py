"""Packages of npm for tests, installed once into the user's cache."""

import shutil
import subprocess
from pathlib import Path

import pytest


def install(package: str, version: str) -> Path:
    """The folder that has the package in its ``node_modules``; skips the test where there is no npm."""
    folder = Path.home() / ".cache/oncopolis" / f"{package}-{version}"
    if not (folder / "node_modules" / package).exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("no npm on this machine")
        folder.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), f"{package}@{version}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            pytest.skip(f"npm cannot install {package}: {done.stderr[-300:]}")
    return folder
