"""socialdesk: a terminal agent desktop for social customer care."""

__all__ = ["__version__"]
__version__ = "0.1.0"
