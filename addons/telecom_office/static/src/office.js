import { Component, onMounted, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
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
