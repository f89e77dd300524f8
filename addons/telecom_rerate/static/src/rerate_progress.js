import { Component, onMounted, onWillUnmount } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ASKED_EVERY_MS = 1500;
const RUNNING = ["previewing", "applying", "undoing"];

/** How far a re-rating is. Reads the record again while it runs, unless somebody is editing it. */
export class RerateProgress extends Component {
    static template = "telecom_rerate.RerateProgress";
    static props = { ...standardFieldProps };

    setup() {
        onMounted(() => this.plan());
        onWillUnmount(() => clearTimeout(this.timer));
    }

    plan() {
        this.timer = setTimeout(() => this.ask(), ASKED_EVERY_MS);
    }

    async ask() {
        const record = this.props.record;
        if (RUNNING.includes(record.data.state) && !(await record.isDirty())) {
            await record.load();
        }
        this.plan();
    }
}

registry.category("fields").add("telecom_rerate_progress", { component: RerateProgress, supportedTypes: ["integer"] });
