import { Component, onMounted, onWillUnmount } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ASKED_EVERY_MS = 1500;

/**
 * How far a job is (telecom.job.mixin). A form shows it while the job runs and no longer; until then it reads the record
 * again and again, unless somebody is editing it.
 */
export class JobProgress extends Component {
    static template = "telecom_base.JobProgress";
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
        if (!(await record.isDirty())) {
            await record.load();
        }
        this.plan();
    }
}

registry.category("fields").add("telecom_job_progress", { component: JobProgress, supportedTypes: ["integer"] });
