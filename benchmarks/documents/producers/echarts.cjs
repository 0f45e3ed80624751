// Specs from stdin drawn by ECharts into the folder argv[2].
const fs = require("fs");
const echarts = require("echarts");

const stacked = (s) => s.shape.startsWith("stacked");

function series(s) {
  const type = s.shape === "pie" || s.shape === "donut" ? "pie"
    : s.shape === "scatter" ? "scatter" : s.shape.includes("bar") ? "bar" : "line";
  if (type === "pie") {
    const values = Object.values(s.values)[0];
    const data = s.categories.map((name, n) => ({ name, value: values[n] }));
    return [{ type, radius: s.kind === "donut" ? ["35%", "65%"] : "60%", data }];
  }
  if (type === "scatter")
    return Object.entries(s.points).map(([name, data]) => ({ type, name, data, symbolSize: 7 }));
  return Object.entries(s.values).map(([name, row], n) => ({
    name,
    type: s.kind === "combo" ? (n ? "line" : "bar") : type,
    data: s.kind === "year-line" ? row.map((v, k) => [Number(s.categories[k]), v]) : row,
    stack: stacked(s) ? "all" : undefined,
    areaStyle: s.shape.endsWith("area") ? {} : undefined,
    smooth: s.kind === "smooth-line",
    showSymbol: s.kind === "marker-line" || s.kind === "combo",
    label: { show: s.kind === "labelled-bar", position: "top" },
    itemStyle: s.kind === "hatched-bar" ? { decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 2 + n], rotation: n } } : {},
    yAxisIndex: s.kind === "combo" && n ? 1 : 0,
  }));
}

function option(s) {
  const names = Object.keys(s.values).length > 1 || Object.keys(s.points).length > 1;
  const base = { animation: false, title: { text: s.title, left: "center" }, series: series(s),
    legend: names ? { bottom: 0 } : { show: false }, grid: { bottom: 80 } };
  if (s.shape === "pie" || s.shape === "donut") return base;
  const value = { type: s.log ? "log" : "value", name: s.unit };
  const category = s.kind === "year-line" ? { type: "value", scale: true, axisLabel: { formatter: (v) => String(v) } }
    : s.points && s.shape === "scatter" ? { type: "value" }
    : { type: "category", data: s.categories, boundaryGap: s.shape.includes("bar") || s.kind === "combo",
        axisLabel: { interval: 0, rotate: s.kind === "slanted-bar" ? 40 : 0 } };
  const flat = s.kind.includes("barh");
  const y = s.kind === "combo" ? [value, { type: "value" }] : flat ? category : value;
  return { ...base, xAxis: flat ? value : category, yAxis: y };
}

for (const spec of JSON.parse(fs.readFileSync(0, "utf8"))) {
  if (spec.kind === "box") continue;
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: 640, height: 420 });
  chart.setOption(option(spec));
  fs.writeFileSync(`${process.argv[2]}/${spec.id}.svg`, chart.renderToSVGString());
}
process.exit(0);
