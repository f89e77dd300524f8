import {
    ClientErrorDialog,
    ErrorDialog,
    NetworkErrorDialog,
    RPCErrorDialog,
    WarningDialog,
} from "@web/core/errors/error_dialogs";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";
import { session } from "@web/session";

// Dialogs that name the software: what went wrong is enough.
ErrorDialog.title = _t("Error");
ClientErrorDialog.title = _t("Error on This Page");
NetworkErrorDialog.title = _t("Network Error");

const TITLES = { server: _t("Error on the Server"), script: _t("Error on This Page"), network: _t("Network Error") };

patch(RPCErrorDialog.prototype, {
    inferTitle() {
        super.inferTitle();
        if (TITLES[this.props.type] && /Odoo/.test(String(this.title))) {
            this.title = TITLES[this.props.type];
        }
    },
});

patch(WarningDialog.prototype, {
    setup() {
        super.setup();
        if (/Odoo/.test(String(this.title))) {
            this.title = _t("Please Note");
        }
    },
});

/** The tab of the browser names the brand after the page, and when there is no page yet. */
registry.category("services").add("telecom_brand_title", {
    dependencies: ["title"],
    start(_env, { title }) {
        const setParts = title.setParts;
        const name = session.telecom_brand?.name;
        title.setParts = (parts) => {
            setParts({ telecom_brand: null });
            setParts({ ...parts, telecom_brand: name });
        };
        title.setParts({});
    },
});
