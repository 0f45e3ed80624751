"""AIR: a local command-line analyst for charts and documents."""

__version__ = "0.1.0"
