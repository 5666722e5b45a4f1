"""Experiments with the twin."""
