"""kostenindicatie: what Signalen would cost a Dutch municipality, from dropped CSVs to workbooks."""

__version__ = "0.1.0"
