"""Rows of an uploaded file: .csv in any usual form, .xlsx, .xls, .ods. What reads it holds no rows but its own.

Numbers of a spreadsheet come as floats; `decimal_of` says which decimal one stands for.
"""

import csv
import io
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
import xlrd
from python_calamine import CalamineError, load_workbook

from .refused import FileRefusedError

MAX_CELLS = 200  # columns; a carrier's file has 5 to 40
MAX_CELL = 1_000  # characters
MAX_UNPACKED_BYTES = 1 << 30  # of an .xlsx or .ods; a million rows have some hundred MB
SHEET_DIGITS = 15  # a spreadsheet shows and keeps no more (IEEE 754 double)
DELIMITERS = ",;\t|"
SNIFFED_CHARACTERS, SNIFFED_LINES = 65_536, 20
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
BINARY = frozenset(range(9)) | frozenset(range(14, 32))  # bytes that no text has; 9 to 13 are tabs and line ends
DAMAGED = "The spreadsheet is damaged or only half of it is there. Upload it again."
ENCODINGS = [
    ("auto", "Find Out (UTF-8, UTF-16)"),
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1252", "Western European (Windows-1252)"),
    ("cp1250", "Central European (Windows-1250)"),
    ("cp1251", "Cyrillic (Windows-1251)"),
]


@dataclass(frozen=True)
class Limits:
    """How big a file may be, what it should be, and what to do with a bigger one (words for the person)."""

    max_bytes: int
    max_rows: int
    kind: str
    remedy: str


def read_rows(data, encoding, limits):
    """Yield (line number, cells) of a file; empty rows are left out. Raises FileRefusedError.

    A cell is a text, or what a spreadsheet has: a number, datetime, date, time, timedelta or None.
    """
    if not data:
        raise FileRefusedError("The file is empty (0 bytes). Upload the carrier's file again.")
    if len(data) > limits.max_bytes:
        raise FileRefusedError(f"The file has more than {limits.max_bytes >> 20} MB. {limits.remedy}")
    number = 0
    for line, cells in _reader_of(data)(data, encoding):
        if not any(cells) and not any(cell not in (None, "") for cell in cells):
            continue
        number += 1
        if number > limits.max_rows + 1:
            raise FileRefusedError(f"The file has more than {limits.max_rows:,} lines. {limits.remedy}")
        if len(cells) > MAX_CELLS:
            raise FileRefusedError(f"Line {line} has more than {MAX_CELLS} columns: this is no {limits.kind}.")
        yield line, cells


def plain_text(data, encoding, limits):
    """Return (codec, delimiter) of a text whose ends of lines and delimiters are single bytes; else (None, None).

    Raises FileRefusedError when it is not written in that encoding, or no text.
    """
    if not data or len(data) > limits.max_bytes or data.startswith((OLE, ZIP)):
        return None, None
    codec, start = _decoded(data, encoding)
    if codec.startswith("utf-16"):
        return None, None
    return codec.removesuffix("-sig"), _delimiter(start)


def decimal_of(number):
    """Return the decimal that a spreadsheet's number stands for.

    It is the shortest one that reads back as the same double: what was typed. A computed one that needs more than 15
    digits (0.1 + 0.2) is taken with 15, as the spreadsheet itself shows it.
    """
    if isinstance(number, int):
        return Decimal(number)
    exact = Decimal(repr(number))
    if len(exact.as_tuple().digits) > SHEET_DIGITS:
        exact = Decimal(f"{number:.{SHEET_DIGITS}g}")
    return exact


def _reader_of(data):
    if data.startswith(OLE):
        return _xls
    if data.startswith(ZIP):
        return _ods if ODS in data[:256] else _xlsx
    return _csv


def _csv(data, encoding):
    """Comma, semicolon, tab or bar; fields may be quoted. The delimiter is the one that the first lines agree on."""
    codec, start = _decoded(data, encoding)
    lines = io.TextIOWrapper(io.BytesIO(data), encoding=codec, newline="")
    rows = csv.reader(lines, delimiter=_delimiter(start), strict=True)
    try:
        for cells in rows:
            yield rows.line_num, [cell.strip()[:MAX_CELL] for cell in cells]
    except csv.Error as error:
        raise FileRefusedError(
            f"Line {rows.line_num}: the quotes do not close or a field is too long ({error}). The file may be cut off."
        ) from error


def _decoded(data, encoding):
    """Return (codec, beginning of the text) after all of it has been decoded once. Raises FileRefusedError."""
    if encoding == "auto":
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        is_plain = codec == "utf-8-sig" and data.isascii()  # needs not be decoded to be known as right
        text = data[: 4 * SNIFFED_CHARACTERS].decode() if is_plain else data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefusedError(
            f"Line {line} is not written in {encoding.upper()}. Choose the right encoding, or save the file as UTF-8."
        ) from error
    if any(ord(character) in BINARY for character in text[:4096]) or (b"\x00" in data if is_plain else "\x00" in text):
        raise FileRefusedError(
            "This is neither a text nor a spreadsheet. Upload a .csv, .xlsx, .xls or .ods file (in UTF-16 or another"
            " encoding: choose it)."
        )
    return codec, text[:SNIFFED_CHARACTERS]


def _delimiter(start):
    """The delimiter that cuts most of the first lines into the same number of at least two fields."""
    lines = [line for line in start.splitlines()[:SNIFFED_LINES] if line.strip()]
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        counts = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
        width = max(set(counts), key=counts.count) if counts else 0
        score = (counts.count(width) if width > 1 else 0, width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _xlsx(data, _encoding):
    """The first sheet; rows are read one by one. A formula is what it gave when the file was saved; else None."""
    _check_package(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError) as error:
        raise FileRefusedError(DAMAGED) from error
    try:
        yield from enumerate((list(row) for row in book.worksheets[0].iter_rows(values_only=True)), start=1)
    except Exception as error:  # the parser of a damaged sheet raises whatever it stumbles over
        raise FileRefusedError(DAMAGED) from error
    finally:
        book.close()


def _ods(data, _encoding):
    """The first sheet of an OpenDocument file; a formula is what it gave when the file was saved."""
    _check_package(data)
    try:
        rows = load_workbook(io.BytesIO(data)).get_sheet_by_index(0).iter_rows()
        yield from enumerate((_without_frills(row) for row in rows), start=1)
    except (CalamineError, ValueError, IndexError, OSError) as error:
        raise FileRefusedError(DAMAGED) from error


def _check_package(data):
    """Refuse what is damaged, or small only as long as it is packed, before a parser meets it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            unpacked = sum(member.file_size for member in package.infolist())
            damaged = unpacked <= MAX_UNPACKED_BYTES and package.testzip()
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError) as error:
        raise FileRefusedError(DAMAGED) from error
    if unpacked > MAX_UNPACKED_BYTES:
        raise FileRefusedError("The spreadsheet is too big when it is unpacked. Save it as .csv and upload that.")
    if damaged:
        raise FileRefusedError(DAMAGED)


def _without_frills(row):
    """Whole numbers and dates as the other readers give them: 4420 instead of 4420.0, a date as its first instant."""
    return [
        int(cell)
        if isinstance(cell, float) and cell.is_integer()
        else datetime.combine(cell, time())
        if isinstance(cell, date) and not isinstance(cell, datetime)
        else cell
        for cell in row
    ]


def _xls(data, _encoding):
    """The first sheet of an Excel 97 file."""
    try:
        book = xlrd.open_workbook(file_contents=data, on_demand=True)
        sheet = book.sheet_by_index(0)
    except Exception as error:  # the parser of a damaged book raises whatever it stumbles over
        raise FileRefusedError(DAMAGED) from error
    for index in range(sheet.nrows):
        yield index + 1, [_xls_cell(cell, book.datemode) for cell in sheet.row(index)]


def _xls_cell(cell, datemode):
    if cell.ctype == xlrd.XL_CELL_DATE:
        if cell.value < 1:  # a time of day or a duration: a part of a day
            return cell.value * 86_400
        return datetime(*xlrd.xldate_as_tuple(cell.value, datemode))
    return cell.value
