"""The configuration of Section A as a TOML file: written to be filled in, and read."""

from __future__ import annotations

from pathlib import Path

from sipas.numerals import Lang
from sipas.report.configuration import Configuration, Report
from sipas.report.configuration_keys import read_tables
from sipas.report.configuration_values import Place
from sipas.report.section import SectionA
from sipas.report.toml_files import parsed, toml_text
from survey.errors import SurveyError, require_option


def read_configuration(path: str | Path) -> Configuration:
    """Read a configuration file.

    Parameters
    ----------
    path : str or Path
        A TOML file as `write_configuration` makes it. Paths in it are relative to its folder,
        ``out`` included.

    Returns
    -------
    Configuration

    Raises
    ------
    SurveyError
        If the file is absent or no TOML, a key is unknown, or a value of the wrong kind; with the
        line.
    """
    file = Path(path)
    text = toml_text(file)
    tables = read_tables(parsed(text, file), Place(file, text))
    beside = Configuration(report=Report(out=file.parent / Report().out))
    return beside.changed(tables)


def from_file(path: str | Path) -> SectionA:
    """Make Section A as a configuration file says.

    Parameters
    ----------
    path : str or Path
        A TOML file as `write_configuration` makes it.

    Returns
    -------
    SectionA

    Raises
    ------
    SurveyError
        As `read_configuration` and `Configuration.section_a`.

    Notes
    -----
    ``sipas section-a --config section_a.toml`` makes the same report and saves it. To save it
    from a notebook where the file says, and in its formats::

        configuration = sipas.report.read_configuration("section_a.toml")
        made = configuration.section_a()
        configuration.save(made)
    """
    return read_configuration(path).section_a()


def write_configuration(path: str | Path = "section_a.toml", *, lang: Lang = "vi") -> Path:
    """Write a configuration file to be filled in, with a comment on every key.

    Parameters
    ----------
    path : str or Path
        A ``.toml`` file, or a folder in which ``section_a.toml`` is written; folders are made.
    lang : {"vi", "en"}
        Language of the comments, and of the report.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    SurveyError
        If the file is there already, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_configuration(folder, lang="en")
    ...     written.name, read_configuration(written).report.lang
    ('section_a.toml', 'en')
    """
    require_option(lang, ("vi", "en"), where="lang")
    file = Path(path)
    file = file if file.suffix.casefold() == ".toml" else file / "section_a.toml"
    text = Path(__file__).with_name(f"section_a.{lang}.toml").read_text(encoding="utf-8")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError as error:
        raise SurveyError(
            f"{error.filename} is there already, and is not written over.",
            mend="Give another name, or move it away first.",
        ) from error
    except OSError as error:
        raise SurveyError(
            f"Cannot write {file} ({error.strerror or error}).", mend="Choose another folder."
        ) from error
    return file
