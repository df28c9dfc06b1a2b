"""Text in two languages, kept out of the code: sentences in TOML files, filled in.

A file has parts, a part has names, a name has the text in Vietnamese and in English with ``{…}``
to be filled in. Those of the library at large stand in ``sentences.toml``; a package with texts of
its own keeps them beside its modules.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from sipas.numerals import Lang
from survey.errors import require_option

_LANGUAGES: tuple[Lang, Lang] = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Vietnamese and in English.

    Examples
    --------
    >>> Text("sở", "department")["en"]
    'department'
    """

    vi: str
    en: str

    def __getitem__(self, lang: Lang) -> str:
        """Give the text in one language."""
        require_option(lang, _LANGUAGES, where="lang")
        return self.en if lang == "en" else self.vi


@cache
def texts_in(path: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Read a file of texts once: part, name, language."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def worded(path: Path, part: str, name: str, /, **filled: object) -> Text:
    """Fill in one text of a file, in both languages; a `Text` filled in, in that of the sentence.

    Examples
    --------
    >>> own = Path(__file__).with_suffix(".toml")
    >>> worded(own, "rows", "total").en
    'Total'
    """
    made = texts_in(path)[part][name]
    vi, en = (
        {key: value[lang] if isinstance(value, Text) else value for key, value in filled.items()}
        for lang in _LANGUAGES
    )
    return Text(made["vi"].format(**vi), made["en"].format(**en))


def word(path: Path, part: str, name: str, lang: Lang, /, **filled: object) -> str:
    """Fill in one text of a file, in one language.

    Examples
    --------
    >>> own = Path(__file__).with_suffix(".toml")
    >>> word(own, "rows", "total", "en")
    'Total'
    """
    return worded(path, part, name, **filled)[lang]


#: ``sentence(part, name, **filled)`` fills in one sentence of ``sentences.toml``.
sentence = partial(worded, Path(__file__).with_suffix(".toml"))
