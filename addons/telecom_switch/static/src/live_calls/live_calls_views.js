import { Component, useState } from "@odoo/owl";
import { getCurrency } from "@web/core/currency";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { formatMicro, formatSeconds, VALUE_OF } from "./live_fields";
import { useLiveReload } from "./live_reload";

const CURRENCY_OF = {
    charge: "currency_id",
    carrier_cost: "carrier_currency_id",
    margin: "revenue_currency_id",
};

function recordsOf(list) {
    return list.isGrouped ? list.groups.flatMap((group) => recordsOf(group.list)) : list.records;
}

function sumByCurrency(calls, name, nowMs, namesCurrency) {
    const sums = {};
    for (const data of calls) {
        const value = VALUE_OF[name](data, nowMs);
        if (value !== null) {
            const code = getCurrency(data[CURRENCY_OF[name]]?.id)?.name || "";
            sums[code] = (sums[code] || 0n) + value;
        }
    }
    const found = Object.entries(sums);
    const hasCode = namesCurrency || found.length > 1;
    return found.map(([code, sum]) => (hasCode ? `${formatMicro(sum)} ${code}` : formatMicro(sum))).join(" + ");
}

/** Totals of the calls that are listed, at an instant: text by column; each currency for itself, named if need be. */
export function totalsOf(list, nowMs, namesCurrency = false) {
    const calls = recordsOf(list).map((record) => record.data);
    const answered = calls.filter((data) => data.meter);
    const totals = { calls: calls.length, answered: answered.length };
    if (answered.length) {
        totals.seconds = formatSeconds(answered.reduce((sum, data) => sum + VALUE_OF.seconds(data, nowMs), 0));
    }
    for (const name of Object.keys(CURRENCY_OF)) {
        totals[name] = sumByCurrency(answered, name, nowMs, namesCurrency);
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
    props: (...known) => ({ ...listView.props(...known), allowSelectors: false }), // nothing is done to many calls
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
        return totalsOf(this.props.list, this.clock.nowMs, true);
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
