"""Build Excel workbooks with openpyxl."""

import io
import zipfile
from typing import Any

from openpyxl import Workbook

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(*rows: list[Any], sheets: dict[str, list[list[Any]]] | None = None) -> bytes:
    """Build a workbook of one sheet with these rows, or of several sheets."""
    book = Workbook()
    book.remove(book.active)
    for title, content in (sheets or {"Sheet": list(rows)}).items():
        sheet = book.create_sheet(title)
        for row in content:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(file: bytes, name: str, content: bytes) -> bytes:
    """Replace the text of one part of the workbook."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part.filename))
        new.writestr(name, content)
    return changed.getvalue()


def with_sheet_xml(rows: str) -> bytes:
    """Build a workbook whose first sheet has these rows, as XML."""
    xml = f'<worksheet xmlns="{NAMESPACE}"><sheetData>{rows}</sheetData></worksheet>'
    return with_part(workbook(["input"]), "xl/worksheets/sheet1.xml", xml.encode())


HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>input</t></is></c></row>'
