"""Files in: csv, xlsx, sav, dta and parquet as frames, values left as they are."""

from sipas.formats.reading import read, sheet_names

__all__ = ["read", "sheet_names"]
