import { deserializeDateTime } from "@web/core/l10n/dates";
import { formatFloat } from "@web/views/fields/formatters";

const { DateTime } = luxon;
const PENNY = 0.01; // smaller amounts are shown with all their decimals, not as nothing

function seconds(value) {
    const whole = Math.round(value);
    const pad = (part) => String(part).padStart(2, "0");
    const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
    return hours ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

const FORMATS = {
    text: (value) => value,
    count: (value) => formatFloat(value, { digits: [16, 0] }),
    minutes: (value) => formatFloat(value, { digits: [16, 0] }),
    percent: (value) => `${formatFloat(value * 100, { digits: [16, 1] })} %`,
    seconds,
    money: (value) => formatFloat(value, { digits: [16, value && Math.abs(value) < PENNY ? 6 : 2] }),
    instant: (value) => deserializeDateTime(value.replace("T", " ")).toLocaleString(DateTime.DATETIME_SHORT),
};

/** The value of a figure of the server as text, without its unit; what there is none of is a dash. */
export function formatValue({ kind, value }) {
    return value === null || value === undefined || value === false ? "–" : String(FORMATS[kind](value));
}

/** A figure of the server as text. */
export function formatFigure(figure) {
    return figure.unit ? `${formatValue(figure)} ${figure.unit}` : formatValue(figure);
}

/** 2026-11-05 as people of this language write a day; what is no day stays as it is. */
export function formatLabel(label) {
    const day = /^\d{4}-\d\d-\d\d$/.test(label) && DateTime.fromISO(label);
    return day ? day.toLocaleString({ day: "numeric", month: "short" }) : label;
}
