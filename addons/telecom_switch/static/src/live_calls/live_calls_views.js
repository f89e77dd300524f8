import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { formatMicro, formatSeconds } from "./live_fields";
import { useLiveReload } from "./live_reload";
import { readMeter } from "./meter";

const CURRENCY_OF = {
    charge: "currency_id",
    carrier_cost: "carrier_currency_id",
    margin: "revenue_currency_id",
};

function recordsOf(list) {
    return list.isGrouped ? list.groups.flatMap((group) => recordsOf(group.list)) : list.records;
}

/** Totals of the calls that are listed, at an instant: text by column; each currency for itself. */
export function totalsOf(list, nowMs) {
    const calls = recordsOf(list).map(({ data }) => ({ data, now: readMeter(data.meter, nowMs) }));
    const answered = calls.filter((call) => call.data.meter);
    const totals = { calls: calls.length, answered: answered.length };
    if (answered.length) {
        totals.seconds = formatSeconds(answered.reduce((sum, call) => sum + call.now.seconds, 0));
    }
    for (const [name, currency] of Object.entries(CURRENCY_OF)) {
        const sums = {};
        for (const call of answered.filter((one) => one.now[name] !== null)) {
            const code = call.data[currency] ? call.data[currency].display_name : "";
            sums[code] = (sums[code] || 0n) + call.now[name];
        }
        const parts = Object.entries(sums).map(([code, sum]) => `${formatMicro(sum)} ${code}`.trim());
        if (parts.length) {
            totals[name] = parts.join(" + ");
        }
    }
    return totals;
}

class LiveCallsListController extends ListController {
    setup() {
        super.setup();
        useLiveReload(this.model);
    }
}

class LiveCallsListRenderer extends ListRenderer {
    setup() {
        this.clock = useState(useService("telecom_live_clock").clock); // before the first render computes totals
        super.setup();
    }

    computeAggregates() {
        const aggregates = super.computeAggregates();
        const totals = totalsOf(this.props.list, this.clock.nowMs);
        for (const column of this.columns.filter((one) => one.widget?.startsWith("telecom_live_"))) {
            delete aggregates[column.name];
            if (totals[column.name]) {
                aggregates[column.name] = { help: column.attrs.sum, value: totals[column.name] };
            }
        }
        return aggregates;
    }
}

registry.category("views").add("telecom_live_calls_list", {
    ...listView,
    Controller: LiveCallsListController,
    Renderer: LiveCallsListRenderer,
});

class LiveTotals extends Component {
    static template = "telecom_switch.LiveTotals";
    static props = { list: Object };

    setup() {
        this.clock = useState(useService("telecom_live_clock").clock);
    }

    get totals() {
        return totalsOf(this.props.list, this.clock.nowMs);
    }
}

class LiveCallsKanbanController extends KanbanController {
    static template = "telecom_switch.LiveCallsKanbanView";
    static components = { ...KanbanController.components, LiveTotals };

    setup() {
        super.setup();
        useLiveReload(this.model);
    }
}

registry.category("views").add("telecom_live_calls_kanban", {
    ...kanbanView,
    Controller: LiveCallsKanbanController,
});
