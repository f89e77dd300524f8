"""The page that a report's paper format describes, as CSS says it."""

from dataclasses import dataclass

from odoo.addons.base.models.report_paperformat import PAPER_SIZES

SIZES_MM = {one["key"]: (one["width"], one["height"]) for one in PAPER_SIZES if "width" in one}


@dataclass(frozen=True)
class Paper:
    """A page in millimetres; margins as in CSS: above, right, below, left."""

    width_mm: float
    height_mm: float
    margins_mm: tuple[float, float, float, float]

    def css(self):
        """Return the @page rule: size, margins, header and footer in the margins."""
        above, right, below, left = self.margins_mm
        return (
            f"@page {{ size: {self.width_mm:g}mm {self.height_mm:g}mm;"
            f" margin: {above:g}mm {right:g}mm {below:g}mm {left:g}mm;"
            " @top-left { content: element(page-header); width: 100%; vertical-align: top; padding-top: 6mm }"
            " @bottom-left { content: element(page-footer); width: 100%; vertical-align: top } }"
        )


def paper_of(paperformat, landscape, asked):
    """Return the paper of a format; `asked` are values in the report itself (`data-report-...`), which win."""
    width, height = SIZES_MM.get(paperformat.format, (paperformat.page_width, paperformat.page_height))
    width, height = (width, height) if width and height else SIZES_MM["A4"]
    if landscape or paperformat.orientation == "Landscape" or asked.get("data-report-landscape"):
        width, height = max(width, height), min(width, height)
    above = float(asked.get("data-report-margin-top") or paperformat.margin_top)
    sides = (paperformat.margin_right, paperformat.margin_left)
    return Paper(width, height, (above, sides[0], paperformat.margin_bottom, sides[1]))
