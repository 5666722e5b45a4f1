"""Oncopolis: plan a comprehensive cancer centre, from a population to its money."""
