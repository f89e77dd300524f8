import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { formatFigure, formatLabel } from "./figures";

const COLORS = { blue: "#3b6fb6", orange: "#d9822b", gray: "#9aa5b1", green: "#2e8b57", red: "#c0504d" };
const MOST_LABEL = 26; // characters of a cause beside its bar

/** One chart of the dashboard, drawn by Odoo's own Chart.js. `onOpen(target)`: somebody clicked on a label's bars. */
export class DashboardChart extends Component {
    static template = "telecom_dashboard.Chart";
    static props = { chart: Object, onOpen: Function };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const drawn = new Chart(this.canvas.el, this.config);
                return () => drawn.destroy();
            },
            () => [this.props.chart]
        );
    }

    get isLying() {
        return this.props.chart.kind === "bars";
    }

    get config() {
        const { labels, series } = this.props.chart;
        return {
            type: "bar",
            data: {
                labels: labels.map((label) => this.short(formatLabel(label))),
                datasets: series.map((one) => this.dataset(one)),
            },
            options: {
                indexAxis: this.isLying ? "y" : "x",
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index", axis: this.isLying ? "y" : "x", intersect: false },
                onClick: (_event, [element]) => element && this.open(element.index),
                onHover: (event, [element]) => (event.native.target.style.cursor = element ? "pointer" : "default"),
                plugins: {
                    legend: { display: series.length > 1, position: "bottom", labels: { boxWidth: 12 } },
                    tooltip: { callbacks: { label: (item) => this.tip(item) } },
                },
                scales: this.scales,
            },
        };
    }

    dataset(one) {
        const color = COLORS[one.color];
        const line = { type: "line", borderWidth: 2, pointRadius: 0, pointHitRadius: 8, tension: 0.25, order: 0 };
        const bar = { maxBarThickness: 28, order: 1 };
        return {
            label: one.title,
            data: one.values,
            backgroundColor: color,
            borderColor: color,
            ...(one.line ? line : bar),
            ...(this.hasTwoScales && one.line ? { yAxisID: "right" } : {}),
        };
    }

    /** Calls and minutes share a picture but not a scale; amounts of one currency share both. */
    get hasTwoScales() {
        const { series, unit } = this.props.chart;
        return !unit && series.some((one) => one.line);
    }

    get scales() {
        const value = { beginAtZero: true, ticks: { maxTicksLimit: 6 }, grid: { color: "rgba(128,128,128,.18)" } };
        const name = { grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 12 } };
        const scales = this.isLying ? { x: value, y: { ...name, ticks: { autoSkip: false } } } : { x: name, y: value };
        return this.hasTwoScales
            ? { ...scales, right: { ...value, position: "right", grid: { display: false } } }
            : scales;
    }

    short(label) {
        return label.length > MOST_LABEL ? `${label.slice(0, MOST_LABEL - 1)}…` : label;
    }

    tip({ dataset, raw }) {
        const { unit } = this.props.chart;
        return `${dataset.label}: ${formatFigure({ kind: unit ? "money" : "count", value: raw, unit })}`;
    }

    open(index) {
        const target = this.props.chart.targets[index];
        if (target) {
            this.props.onOpen(target);
        }
    }
}
