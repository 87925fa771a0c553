"""The version, below all else: results are stamped with it."""

__version__ = "0.2.0"
