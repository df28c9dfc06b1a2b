"""Writers of the report: Word and Excel, from the same paragraphs, tables and pictures."""

from sipas.documents.excel import write_excel
from sipas.documents.pictures import Contents, Picture
from sipas.documents.word import write_word

__all__ = ["Contents", "Picture", "write_excel", "write_word"]
