"""Writers of the report: Word and Excel, from the same paragraphs, tables and pictures."""

from sipas.documents.excel import write_excel
from sipas.documents.pictures import Picture
from sipas.documents.word import write_word

__all__ = ["Picture", "write_excel", "write_word"]
