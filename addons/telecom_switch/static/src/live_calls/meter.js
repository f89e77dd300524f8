/**
 * What a running call costs at any second, from the price tables that were frozen with it: the rule of
 * telecom_switch_bridge/core/meter.py, in exact integers (BigInt) of 1/1,000,000 currency unit.
 */

const US = 1_000_000;
const FACTOR_ONE = 100_000_000n; // a currency factor of exactly 1

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

/** One tax on the exact amount numerator / denominator, half up; nothing on nothing. */
function taxOn([, ofPrice, flat, whole], numerator, denominator) {
    if (numerator <= 0n) {
        return 0n;
    }
    const divisor = BigInt(whole) * denominator;
    return (2n * (BigInt(ofPrice) * numerator + BigInt(flat) * denominator) + divisor) / (2n * divisor);
}

/** Cost after so many answered whole seconds: {net, gross} as BigInt micro-units. */
export function metered(table, seconds) {
    const charged = chargedSeconds(table, seconds);
    if (charged <= 0) {
        return { net: 0n, gross: 0n };
    }
    const numerator = numeratorAfter(table, charged);
    const [scale, addend, divisor, quantum] = table.rounding.map(BigInt);
    const factor = BigInt(table.factor);
    const inPlan = ((numerator * scale + addend) / divisor) * quantum;
    const amount = (2n * inPlan * factor + FACTOR_ONE) / (2n * FACTOR_ONE); // half up
    const exact = [numerator * factor, BigInt(table.denominator) * FACTOR_ONE];
    const base = table.from_amount ? [amount, 1n] : exact;
    let [net, gross] = [amount, amount];
    for (const part of table.parts) {
        const tax = taxOn(part, ...base);
        net -= part[0] ? tax : 0n;
        gross += part[0] ? 0n : tax;
    }
    return { net, gross };
}

/** Whole seconds of so many microseconds, by the rule of who bills them. */
export function wholeSeconds(elapsedUs, rule = "up") {
    const round = { up: Math.ceil, nearest: Math.round, down: Math.floor }[rule];
    return Math.max(0, round(elapsedUs / US));
}

const microsecondsOf = (meter, nowMs) => Math.max(0, nowMs - meter.answered_ms) * 1000;

/** Answered whole seconds of a call at an instant (ms since 1970, the server's clock); 0 while it rings. */
export function secondsOf(meter, nowMs) {
    return meter ? wholeSeconds(microsecondsOf(meter, nowMs)) : 0;
}

/** What the customer pays (BigInt micro-units), null for a free call. Seconds beyond the grant cost nobody anything. */
export function chargeOf(meter, nowMs) {
    const granted = meter && Math.min(secondsOf(meter, nowMs), meter.granted_s);
    return meter && meter.charge ? metered(meter.charge, granted).gross : null;
}

/** What the carrier takes, by its own way to count seconds; null when no carrier is paid. */
export function costOf(meter, costMeter, nowMs) {
    if (!meter || !costMeter || !costMeter.cost) {
        return null;
    }
    const seconds = wholeSeconds(microsecondsOf(meter, nowMs), costMeter.duration_rule);
    return metered(costMeter.cost, seconds).net;
}

/** What the owner keeps: its charge without tax less the carrier's cost; null for free calls and mixed currencies. */
export function marginOf(meter, costMeter, nowMs) {
    if (!meter || !costMeter || !costMeter.same_currency || !(costMeter.revenue || costMeter.cost)) {
        return null;
    }
    const granted = Math.min(secondsOf(meter, nowMs), meter.granted_s);
    const revenue = costMeter.revenue ? metered(costMeter.revenue, granted).net : 0n;
    return revenue - (costOf(meter, costMeter, nowMs) || 0n);
}
