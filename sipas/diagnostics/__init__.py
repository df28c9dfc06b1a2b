"""Diagnosis of an index: reliability, effective weights, floors, ceilings, redundant questions."""

from sipas.diagnostics.page import index_diagnostics
from sipas.diagnostics.results import IndexDiagnostics

__all__ = ["IndexDiagnostics", "index_diagnostics"]
