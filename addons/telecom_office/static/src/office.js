import { Component, onMounted, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { WarningDialog } from "@web/core/errors/error_dialogs";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { router, routerBus } from "@web/core/browser/router";
import { useOwnDebugContext } from "@web/core/debug/debug_context";
import { registry } from "@web/core/registry";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { useBus, useService } from "@web/core/utils/hooks";
import { session } from "@web/session";
import { startWebClient } from "@web/start";
import { ActionContainer } from "@web/webclient/actions/action_container";

// Odoo keeps errors from visitors of a website; who works in an office must read what went wrong and what to do.
registry.category("error_handlers").remove("swallowAllVisitorErrors");

/** Our own errors come without their insides; what the server says about them is what to do. */
function sayServerError(env, error, original) {
    const name = original instanceof RPCError && original.exceptionName;
    const shownElsewhere = ["error_dialogs", "error_notifications"].some((kind) => registry.category(kind).contains(name));
    if (!name || shownElsewhere || !original.data?.message) {
        return false;
    }
    error.unhandledRejectionEvent?.preventDefault();
    env.services.dialog.add(WarningDialog, { title: _t("Something went wrong"), message: original.data.message });
    return true;
}
registry.category("error_handlers").add("telecom_office_server_error", sayServerError, { sequence: 90 });

/** The office: its own menu beside the lists and forms of the web client. */
export class Office extends Component {
    static template = "telecom_office.Office";
    static components = { ActionContainer, MainComponentsContainer };
    static props = {};

    setup() {
        this.action = useService("action");
        this.office = session.office;
        this.state = useState({ path: "", fullscreen: false, menuOpen: false });
        useOwnDebugContext({ categories: ["default"] });
        useBus(routerBus, "ROUTE_CHANGE", () => this.followAddress());
        useBus(this.env.bus, "ACTION_MANAGER:UI-UPDATED", ({ detail: mode }) => {
            if (mode !== "new") {
                this.state.fullscreen = mode === "fullscreen";
                this.state.path = this.currentPath();
            }
        });
        onMounted(async () => {
            await this.followAddress();
            this.env.bus.trigger("WEB_CLIENT_READY");
        });
    }

    currentPath() {
        const first = router.current.actionStack?.[0]?.action || router.current.action;
        return this.office.sections.some(({ path }) => path === first) ? first : this.state.path;
    }

    async followAddress() {
        if (!(await this.action.loadState())) {
            await this.open(this.office.sections[0].path);
        }
    }

    async open(path) {
        this.state.menuOpen = false;
        await this.action.doAction(path, { clearBreadcrumbs: true });
    }

    leave(address) {
        browser.location.assign(address);
    }
}

startWebClient(Office);
