"""Price and route of one call with every step, by the services that decide live calls; knows no clock and no database.

`rows` says which rows of the seam it needs, for whoever reads them; `answer` explains. `./bss explain` and Odoo's page
"Price and Route" are the two who ask.
"""
