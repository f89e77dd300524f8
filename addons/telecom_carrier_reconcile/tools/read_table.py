"""Rows of an uploaded file: .csv in any usual form, .xlsx, .xls. Streams: a big file is never held as rows."""

import csv
import io
import zipfile
from datetime import datetime

import openpyxl
import xlrd

from .refused import FileRefusedError

MAX_BYTES = 64 * 2**20
MAX_ROWS = 500_000
MAX_CELLS = 200  # columns; a carrier's file has 5 to 40
MAX_CELL = 1_000  # characters
DELIMITERS = ",;\t|"
SNIFFED_LINES = 20
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BINARY = frozenset(range(9)) | frozenset(range(14, 32))  # bytes that no text has; 9 to 13 are tabs and line ends
ENCODINGS = [
    ("auto", "Find Out (UTF-8, UTF-16)"),
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1252", "Western European (Windows-1252)"),
    ("cp1250", "Central European (Windows-1250)"),
    ("cp1251", "Cyrillic (Windows-1251)"),
]


def read_rows(data, encoding="auto"):
    """Yield (line number, cells) of a file; empty rows are left out. Raises FileRefusedError.

    A cell is a text, or what a spreadsheet has: a number, datetime, time, timedelta or None.
    """
    if not data:
        raise FileRefusedError("The file is empty (0 bytes). Upload the carrier's file again.")
    if len(data) > MAX_BYTES:
        raise FileRefusedError(f"The file has more than {MAX_BYTES >> 20} MB. Split it by day and upload the parts.")
    reader = _xlsx if data.startswith(ZIP) else _xls if data.startswith(OLE) else _csv
    number = 0
    for line, cells in reader(data, encoding):
        if not any(cell not in (None, "") for cell in cells):
            continue
        number += 1
        if number > MAX_ROWS + 1:
            raise FileRefusedError(f"The file has more than {MAX_ROWS} lines. Split it by day and upload the parts.")
        if len(cells) > MAX_CELLS:
            raise FileRefusedError(f"Line {line} has more than {MAX_CELLS} columns: this is no list of calls.")
        yield line, cells


def _csv(data, encoding):
    """Comma, semicolon, tab or bar; fields may be quoted. The delimiter is the one that the first lines agree on."""
    text = _decoded(data, encoding)
    delimiter = _delimiter(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in rows:
            yield rows.line_num, [cell.strip()[:MAX_CELL] for cell in cells]
    except csv.Error as error:
        raise FileRefusedError(
            f"Line {rows.line_num}: the quotes do not close or a field is too long ({error}). The file may be cut off."
        ) from error


def _decoded(data, encoding):
    if encoding == "auto":
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefusedError(
            f"Line {line} is not written in {encoding.upper()}. Choose the right encoding, or save the file as UTF-8."
        ) from error
    if any(ord(character) in BINARY for character in text[:4096]) or "\x00" in text:
        raise FileRefusedError(
            "This is neither a text nor a spreadsheet. Upload a .csv, .xlsx or .xls file (in UTF-16 or another"
            " encoding: choose it)."
        )
    return text


def _delimiter(text):
    """The delimiter that cuts most of the first lines into the same number of at least two fields."""
    lines = [line for line in text[:65_536].splitlines()[:SNIFFED_LINES] if line.strip()]
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        counts = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
        width = max(set(counts), key=counts.count) if counts else 0
        score = (counts.count(width) if width > 1 else 0, width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _xlsx(data, _encoding):
    """The first sheet; rows are read one by one."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError) as error:
        raise FileRefusedError("The spreadsheet is damaged or only half of it is there. Upload it again.") from error
    try:
        yield from enumerate((list(row) for row in book.worksheets[0].iter_rows(values_only=True)), start=1)
    except Exception as error:  # the parser of a damaged sheet raises whatever it stumbles over
        raise FileRefusedError("The spreadsheet is damaged or only half of it is there. Upload it again.") from error
    finally:
        book.close()


def _xls(data, _encoding):
    """The first sheet of an Excel 97 file."""
    try:
        book = xlrd.open_workbook(file_contents=data, on_demand=True)
        sheet = book.sheet_by_index(0)
    except Exception as error:  # the parser of a damaged book raises whatever it stumbles over
        raise FileRefusedError("The spreadsheet is damaged or only half of it is there. Upload it again.") from error
    for index in range(sheet.nrows):
        yield index + 1, [_xls_cell(cell, book.datemode) for cell in sheet.row(index)]


def _xls_cell(cell, datemode):
    if cell.ctype == xlrd.XL_CELL_DATE:
        if cell.value < 1:  # a time of day or a duration: a part of a day
            return cell.value * 86_400
        return datetime(*xlrd.xldate_as_tuple(cell.value, datemode))
    return cell.value
