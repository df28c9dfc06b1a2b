"""Writers of the report: Word, Excel and HTML, from the same paragraphs, tables and pictures."""

from sipas.documents.excel import write_excel
from sipas.documents.html import write_html
from sipas.documents.pictures import IMAGES, Contents, ImageFormat, Picture
from sipas.documents.word import write_word

__all__ = [
    "IMAGES",
    "Contents",
    "ImageFormat",
    "Picture",
    "write_excel",
    "write_html",
    "write_word",
]
