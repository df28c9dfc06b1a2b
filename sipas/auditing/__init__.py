"""Whether printed tables agree: sums, rates, means, changes, ranks, by interval arithmetic."""

from sipas.auditing.checking import audit
from sipas.auditing.reporting import AuditReport

__all__ = ["AuditReport", "audit"]
