import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { DashboardChart } from "./dashboard_chart";
import { formatFigure, formatValue } from "./figures";

const NOW_MS = 5_000;
const FIGURES_MS = 300_000;
const MODEL = "telecom.dashboard";

/** What happens now and what the last days brought. The server says what there is to see; this page draws it. */
export class Dashboard extends Component {
    static template = "telecom_dashboard.Dashboard";
    static components = { DashboardChart, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        Object.assign(this, { formatFigure, formatValue });
        this.periods = [7, 30, 90].map((days) => ({ days, title: _t("%s days", days) }));
        this.state = useState({ days: 30, now: [], figures: null, loading: false });
        const timers = [];
        onWillStart(() => Promise.all([this.look(), this.load(this.state.days)]));
        onMounted(() => {
            timers.push(browser.setInterval(() => this.ifSeen(() => this.look()), NOW_MS));
            timers.push(browser.setInterval(() => this.ifSeen(() => this.load(this.state.days)), FIGURES_MS));
        });
        onWillUnmount(() => timers.forEach((timer) => browser.clearInterval(timer)));
    }

    /** A page that nobody looks at asks nothing; a look that fails is followed by the next one. */
    ifSeen(ask) {
        if (!document.hidden) {
            ask().catch(() => {});
        }
    }

    async look() {
        this.state.now = await this.orm.silent.call(MODEL, "now", []);
    }

    async load(days) {
        this.state.loading = true;
        try {
            const figures = await this.orm.silent.call(MODEL, "figures", [days]);
            Object.assign(this.state, { figures, days });
        } finally {
            this.state.loading = false;
        }
    }

    /** Words and instants begin at the left, numbers end at the right. */
    isWords({ kind }) {
        return ["text", "instant"].includes(kind);
    }

    /** Lists show the ticked companies only, and so do these figures: say so where that is not all. */
    get hiddenCompanies() {
        return user.allowedCompanies.length - user.activeCompanies.length;
    }

    showAllCompanies() {
        return user.activateCompanies(
            user.allowedCompanies.map(({ id }) => id),
            { includeChildCompanies: false, reload: true }
        );
    }

    async open(target) {
        if (!target) {
            return;
        }
        const action = await this.action.loadAction(target.action);
        const name = target.name || action.name;
        await this.action.doAction({
            ...action,
            path: undefined, // the address of the whole list is not that of this part of it
            name,
            display_name: name,
            domain: target.domain,
            context: {},
        });
    }
}

registry.category("actions").add("telecom_dashboard.dashboard", Dashboard);
