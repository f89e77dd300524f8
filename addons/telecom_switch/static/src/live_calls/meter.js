/**
 * What a running call costs at any second, from the price tables that were frozen with it: the rule of
 * telecom_switch_bridge/core/meter.py, in exact integers (BigInt) of 1/1,000,000 currency unit.
 */

const US = 1_000_000;
const PPM = 1_000_000n;

function chargedSeconds(table, seconds) {
    if (seconds <= 0) {
        return 0;
    }
    const counted = Math.max(seconds, table.min_duration_s);
    if (table.grace_mode === "subtract") {
        return counted - table.grace_s;
    }
    return table.grace_mode === "free_if_not_longer" && counted <= table.grace_s ? 0 : counted;
}

function numeratorAfter(table, charged) {
    let numerator = BigInt(table.fee);
    table.runs.every(([from, increment, cost], index) => {
        const until = index + 1 < table.runs.length ? table.runs[index + 1][0] : charged;
        const covered = Math.min(charged, until) - from;
        if (covered > 0) {
            numerator += BigInt(Math.ceil(covered / increment)) * BigInt(cost);
        }
        return covered > 0;
    });
    const floor = BigInt(table.floor);
    numerator = numerator < floor ? floor : numerator;
    const ceiling = table.ceiling === null ? numerator : BigInt(table.ceiling);
    return numerator < ceiling ? numerator : ceiling;
}

/** Cost after so many answered whole seconds: {net, gross} as BigInt micro-units. */
export function metered(table, seconds) {
    const charged = chargedSeconds(table, seconds);
    if (charged <= 0) {
        return { net: 0n, gross: 0n };
    }
    const numerator = numeratorAfter(table, charged);
    const [scale, addend, divisor, quantum] = table.rounding.map(BigInt);
    const net = ((numerator * scale + addend) / divisor) * quantum;
    const whole = BigInt(table.denominator) * PPM;
    const tax = (2n * numerator * BigInt(table.tax_ppm) + whole) / (2n * whole); // half up
    return { net, gross: net + tax };
}

/** Whole seconds of so many microseconds, by the rule of who bills them. */
export function wholeSeconds(elapsedUs, rule = "up") {
    const round = { up: Math.ceil, nearest: Math.round, down: Math.floor }[rule];
    return Math.max(0, round(elapsedUs / US));
}

/**
 * Seconds and amounts (BigInt micro-units) of a call at an instant (ms since 1970, the server's clock). Amounts that do
 * not apply are null. Seconds beyond the grant are charged to nobody; the carrier counts them all.
 */
export function readMeter(meter, nowMs) {
    if (!meter) {
        return { seconds: 0, charge: null, carrier_cost: null, margin: null };
    }
    const elapsedUs = Math.max(0, nowMs - meter.answered_ms) * 1000;
    const seconds = wholeSeconds(elapsedUs);
    const granted = Math.min(seconds, meter.granted_s);
    const revenue = meter.revenue && metered(meter.revenue, granted);
    const cost = meter.cost && metered(meter.cost, wholeSeconds(elapsedUs, meter.duration_rule));
    const hasMargin = meter.same_currency && (revenue || cost);
    return {
        seconds,
        charge: meter.charge && metered(meter.charge, granted).gross,
        carrier_cost: cost && cost.net,
        margin: hasMargin ? (revenue ? revenue.net : 0n) - (cost ? cost.net : 0n) : null,
    };
}
