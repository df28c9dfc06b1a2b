"""Replicate weights made from a design: jackknife, half-samples, bootstraps."""

from survey.replication.from_designs import DRAWN, MadeReplicates, as_replicates

__all__ = ["DRAWN", "MadeReplicates", "as_replicates"]
