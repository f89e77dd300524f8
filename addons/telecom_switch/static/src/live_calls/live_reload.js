import { onMounted, onWillStart, onWillUnmount } from "@odoo/owl";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";

const TOLD = "telecom_live_call";
const AFTER_EVENT_MS = 150; // events of one moment are read together
const POLL_MS = 3_000; // while the server cannot tell this page
const POLL_TOLD_MS = 15_000; // while it can: only in case a message was lost

/**
 * Keep a view of calls in progress current: at each event that the server publishes, after every lost connection, and
 * from time to time in any case. A page that nobody looks at asks nothing.
 */
export function useLiveReload(model) {
    const orm = useService("orm");
    const busService = useService("bus_service");
    const liveClock = useService("telecom_live_clock");
    const reread = model.load.bind(model);
    let timer;
    let mounted = true;
    let asked; // the newest question that somebody else, like the search, is waiting for

    // Reading again takes the filter of the last answer: done while a new filter's answer is on its way, it would win
    // over that one and bring the old filter back.
    model.load = async (params) => {
        const question = (asked = {});
        try {
            return await reread(params);
        } finally {
            if (asked === question) {
                asked = undefined;
            }
        }
    };

    const watch = async () => {
        const askedAt = Date.now();
        liveClock.set(await orm.silent.call("telecom.live.call", "watch", []), askedAt);
    };
    const isTold = () => busService.workerState === "CONNECTED";
    const again = () => {
        clearTimeout(timer);
        timer = mounted ? setTimeout(refresh, isTold() ? POLL_TOLD_MS : POLL_MS) : undefined;
    };
    const refresh = async () => {
        try {
            if (mounted && !document.hidden && !document.querySelector(".modal")) {
                await watch();
                if (!asked) {
                    reread().catch(() => {}); // not waited for: the answer to an overtaken question never comes
                }
            }
        } catch {
            // the server is away: the next round asks again
        } finally {
            again();
        }
    };
    const refreshSoon = useDebounced(refresh, AFTER_EVENT_MS);
    const onShown = () => document.hidden || refreshSoon();

    useBus(busService, "BUS:RECONNECT", refreshSoon);
    onWillStart(watch);
    onMounted(() => {
        liveClock.hold();
        busService.subscribe(TOLD, refreshSoon);
        busService.start();
        document.addEventListener("visibilitychange", onShown);
        again();
    });
    onWillUnmount(() => {
        mounted = false;
        clearTimeout(timer);
        liveClock.release();
        busService.unsubscribe(TOLD, refreshSoon);
        document.removeEventListener("visibilitychange", onShown);
    });
}
