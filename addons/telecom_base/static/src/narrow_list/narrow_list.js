import { patch } from "@web/core/utils/patch";
import { ListRenderer } from "@web/views/list/list_renderer";

const OURS = "telecom.";

// On a narrow screen a list of ours shows each record as a card: its values below each other, each with the column's name.
patch(ListRenderer.prototype, {
    get isNarrowReady() {
        return this.props.list.resModel.startsWith(OURS);
    },
    narrowLabel(column) {
        return column.type === "field" && column.hasLabel && column.widget !== "handle" ? column.label : false;
    },
});
