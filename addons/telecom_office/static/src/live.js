import { onMounted, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

const EVERY_MS = 3000;

/** A page of calls in progress looks again while somebody can see it. */
function looking(Controller) {
    return class extends Controller {
        setup() {
            super.setup();
            let timer = null;
            let shown = true;
            const look = async () => {
                if (!document.hidden) {
                    await this.model.root.load();
                }
                wait();
            };
            const wait = () => {
                if (shown) {
                    timer = browser.setTimeout(look, EVERY_MS);
                }
            };
            onMounted(wait);
            onWillUnmount(() => {
                shown = false;
                browser.clearTimeout(timer);
            });
        }
    };
}

registry.category("views").add("telecom_office_live_list", { ...listView, Controller: looking(ListController) });
registry.category("views").add("telecom_office_live_kanban", { ...kanbanView, Controller: looking(KanbanController) });
