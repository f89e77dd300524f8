import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { readMeter } from "./meter";

const MICRO = 1_000_000;
const METER = [{ name: "meter", type: "json" }];

/** 67 -> 1:07; 3667 -> 1:01:07 */
export function formatSeconds(seconds) {
    const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const pad = (part) => String(part).padStart(2, "0");
    return hours ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`;
}

/** Amount of micro-units (BigInt) with 4 decimals, more when it has them, so that it does not jump while it moves. */
export function formatMicro(micro) {
    return formatFloat(Number(micro) / MICRO, { digits: [20, micro % 100n ? 6 : 4] });
}

class LiveField extends Component {
    static template = "telecom_switch.LiveField";
    static props = { ...standardFieldProps };

    setup() {
        this.clock = useState(useService("telecom_live_clock").clock);
    }

    get value() {
        return readMeter(this.props.record.data.meter, this.clock.nowMs)[this.props.name];
    }
}

class LiveSeconds extends LiveField {
    get text() {
        return this.props.record.data.meter ? formatSeconds(this.value) : "";
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
fields.add("telecom_live_amount", {
    component: LiveAmount,
    supportedTypes: ["float"],
    fieldDependencies: METER,
});
