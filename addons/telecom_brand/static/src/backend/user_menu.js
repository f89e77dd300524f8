import { registry } from "@web/core/registry";

// Help and account of the software's maker are not those of the company that works with it.
for (const item of ["support", "odoo_account"]) {
    registry.category("user_menuitems").remove(item);
}
