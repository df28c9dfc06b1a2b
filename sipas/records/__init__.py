"""Reproducibility records: what made a result, and whether it can be made again."""

from sipas.records.making import record
from sipas.records.rerunning import rerun
from sipas.records.results import Record, RecordComparison

__all__ = ["Record", "RecordComparison", "record", "rerun"]
