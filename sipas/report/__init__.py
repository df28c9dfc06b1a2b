"""Section A in one call: the set of tables, charts and sentences, and the files it is saved as."""

from sipas.report.configuration import Configuration
from sipas.report.configuration_file import from_file, read_configuration, write_configuration
from sipas.report.section import SectionA, demo, section_a

__all__ = [
    "Configuration",
    "SectionA",
    "demo",
    "from_file",
    "read_configuration",
    "section_a",
    "write_configuration",
]
