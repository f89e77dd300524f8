"""Rows as a file: .csv, .xlsx, .xls or .ods, written row by row. Cells are texts, whole numbers, Decimals or None."""

import csv
import io
import zipfile
from decimal import Decimal
from xml.sax.saxutils import escape

import xlsxwriter
import xlwt

from .read_table import ODS
from .refused import FileRefusedError

MOST_ROWS = {
    "csv": 4_000_000,
    "xlsx": 1_048_575,
    "xls": 65_535,
    "ods": 1_048_575,
}  # as the formats have it, less a header
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest'
    ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS.decode()}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_BEGIN = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    '<office:body><office:spreadsheet><table:table table:name="Table">'
)
_END = "</table:table></office:spreadsheet></office:body></office:document-content>"


def write_table(kind, rows):
    """Return a file's bytes. Raises FileRefusedError when the format cannot hold so many rows."""
    out = io.BytesIO()
    _WRITERS[kind](out, _counted(kind, rows))
    return out.getvalue()


def _counted(kind, rows):
    for number, row in enumerate(rows):
        if number > MOST_ROWS[kind]:
            raise FileRefusedError(f"A .{kind} file has at most {MOST_ROWS[kind]:,} rows: choose .csv.")
        yield row


def _csv(out, rows):
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    csv.writer(text).writerows([_csv_cell(cell) for cell in row] for row in rows)
    text.detach()


def _csv_cell(cell):
    return f"{cell:f}" if isinstance(cell, Decimal) else "" if cell is None else cell


def _xlsx(out, rows):
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Table")
        sheet.set_column(0, 20, 16)
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, place, cell)
                elif cell is not None:
                    sheet.write_number(line, place, float(cell))


def _xls(out, rows):
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Table")
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell is not None:
                sheet.write(line, place, float(cell) if isinstance(cell, Decimal) else cell)
    book.save(out)


def _ods(out, rows):
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", ODS, zipfile.ZIP_STORED)  # first and not packed, as the format wants it
        package.writestr("META-INF/manifest.xml", _MANIFEST)
        with package.open("content.xml", "w") as content:
            content.write(_BEGIN.encode())
            for row in rows:
                cells = "".join(map(_ods_cell, row))
                content.write(f"<table:table-row>{cells}</table:table-row>".encode())
            content.write(_END.encode())


def _ods_cell(cell):
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
    number = f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
    return f'<table:table-cell office:value-type="float" office:value="{number}"/>'


_WRITERS = {"csv": _csv, "xlsx": _xlsx, "xls": _xls, "ods": _ods}
KINDS = [(kind, f".{kind}") for kind in _WRITERS]
