"""Section A in one call: the set of tables, charts and sentences, and the files it is saved as."""

from sipas.report.section import SectionA, demo, section_a

__all__ = ["SectionA", "demo", "section_a"]
