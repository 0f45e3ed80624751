"""Measurements; see docs/measurements.md. Not part of the package."""
