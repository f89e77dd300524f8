from odoo import models

from ..errors import is_staff


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_exception_code_values(cls, exception):
        """Keep traceback and template out of error pages: anybody may ask for them by `?debug=1`."""
        code, values = super()._get_exception_code_values(exception)
        if not is_staff():
            values = {name: value for name, value in values.items() if name != "qweb_exception"}
            values.update(traceback="", exception=None)
        return code, values
