import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { chargeOf, costOf, marginOf, secondsOf } from "./meter";

const MICRO = 1_000_000;
const METER = [{ name: "meter", type: "json" }];
const COST_METER = [...METER, { name: "cost_meter", type: "json" }];

/** Value of a column at an instant: seconds, or an amount (BigInt micro-units), or null when there is none. */
export const VALUE_OF = {
    seconds: ({ meter }, nowMs) => (meter ? secondsOf(meter, nowMs) : null),
    charge: ({ meter }, nowMs) => chargeOf(meter, nowMs),
    carrier_cost: ({ meter, cost_meter }, nowMs) => costOf(meter, cost_meter, nowMs),
    margin: ({ meter, cost_meter }, nowMs) => marginOf(meter, cost_meter, nowMs),
};

/** 67 -> 1:07; 3667 -> 1:01:07 */
export function formatSeconds(seconds) {
    const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const pad = (part) => String(part).padStart(2, "0");
    return hours ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`;
}

/** Amount of micro-units (BigInt) with all its decimals, so that it does not jump while it moves. */
export function formatMicro(micro) {
    return formatFloat(Number(micro) / MICRO, { digits: [20, 6] });
}

class LiveField extends Component {
    static template = "telecom_switch.LiveField";
    static props = { ...standardFieldProps };

    setup() {
        this.clock = useState(useService("telecom_live_clock").clock);
    }

    get value() {
        return VALUE_OF[this.props.name](this.props.record.data, this.clock.nowMs);
    }
}

class LiveSeconds extends LiveField {
    get text() {
        return this.value === null ? "" : formatSeconds(this.value);
    }
}

class LiveAmount extends LiveField {
    get text() {
        return this.value === null ? "" : formatMicro(this.value);
    }
}

const fields = registry.category("fields");
fields.add("telecom_live_seconds", {
    component: LiveSeconds,
    supportedTypes: ["integer"],
    fieldDependencies: METER,
});
fields.add("telecom_live_charge", {
    component: LiveAmount,
    supportedTypes: ["float"],
    fieldDependencies: METER,
});
fields.add("telecom_live_cost", {
    component: LiveAmount,
    supportedTypes: ["float"],
    fieldDependencies: COST_METER,
});
