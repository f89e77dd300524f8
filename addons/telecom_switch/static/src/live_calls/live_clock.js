import { reactive } from "@odoo/owl";
import { registry } from "@web/core/registry";

const TICK_MS = 250; // a second is shown at most this late

/**
 * The server's clock (ms since 1970) as a reactive value that moves while somebody holds it. The browser's own clock may
 * be wrong by hours: only the time that passes is taken from it.
 */
export const liveClock = {
    start() {
        let offsetMs = 0;
        let holders = 0;
        let timer;
        const clock = reactive({ nowMs: Date.now() });
        const tick = () => (clock.nowMs = Date.now() + offsetMs);
        return {
            clock,
            /** The server said `serverMs` in answer to a question that was asked at `askedAt` (browser's ms). */
            set(serverMs, askedAt) {
                offsetMs = serverMs - (askedAt + Date.now()) / 2;
                tick();
            },
            hold() {
                holders += 1;
                timer = timer || setInterval(tick, TICK_MS);
            },
            release() {
                holders -= 1;
                if (!holders) {
                    clearInterval(timer);
                    timer = undefined;
                }
            },
        };
    },
};

registry.category("services").add("telecom_live_clock", liveClock);
