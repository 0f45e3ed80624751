// Specs from stdin drawn by Highcharts in jsdom into the folder argv[2]. jsdom lays nothing out,
// so texts are measured roughly.
const fs = require("fs");
const { JSDOM } = require("jsdom");

const window = new JSDOM('<!doctype html><body><div id="c"></div></body>').window;
global.window = window;
global.document = window.document;
const size = 12;
const long = (e) => (e.textContent || "").length * size * 0.5;
window.SVGElement.prototype.getBBox = function () {
  return { x: 0, y: -size * 0.8, width: long(this), height: size * 1.2 };
};
window.Element.prototype.getComputedTextLength = function () { return long(this); };
window.SVGElement.prototype.getSubStringLength = (a, b) => b * size * 0.5;
window.CSS = window.CSS || { supports: () => true };
const styles = window.getComputedStyle.bind(window);
window.getComputedStyle = (e) => new Proxy(styles(e), { get: (t, k) =>
  k === "fontSize" ? `${size}px`
    : k === "getPropertyValue" ? (n) => (n === "font-size" ? `${size}px` : t.getPropertyValue(n)) : t[k] });
const loaded = require("highcharts");
const Highcharts = loaded.Chart ? loaded : loaded(window);

function series(s) {
  if (s.shape === "pie" || s.shape === "donut") {
    const values = Object.values(s.values)[0];
    return [{ type: "pie", innerSize: s.kind === "donut" ? "50%" : 0,
              data: s.categories.map((name, n) => ({ name, y: values[n] })) }];
  }
  if (s.shape === "scatter")
    return Object.entries(s.points).map(([name, data]) => ({ type: "scatter", name, data }));
  const type = s.shape.includes("barh") ? "bar" : s.shape.includes("bar") ? "column"
    : s.shape.endsWith("area") ? "area" : s.kind === "smooth-line" ? "spline" : "line";
  return Object.entries(s.values).map(([name, row], n) => ({
    name, type: s.kind === "combo" ? (n ? "line" : "column") : type,
    data: s.kind === "year-line" ? row.map((v, k) => [Number(s.categories[k]), v]) : row,
    yAxis: s.kind === "combo" && n ? 1 : 0,
    marker: { enabled: s.kind === "marker-line" },
  }));
}

function options(s) {
  const many = Object.keys(s.values).length > 1 || Object.keys(s.points).length > 1;
  const value = { title: { text: s.unit }, type: s.log ? "logarithmic" : "linear" };
  return {
    chart: { width: 640, height: 420, animation: false, forExport: true },
    accessibility: { enabled: false }, credits: { enabled: false },
    title: { text: s.title }, legend: { enabled: many },
    xAxis: s.shape === "scatter" || s.kind === "year-line" ? {} : { categories: s.categories,
      labels: { rotation: s.kind === "slanted-bar" ? -40 : 0, step: 1 } },
    yAxis: s.kind === "combo" ? [value, { title: { text: "" }, opposite: true }] : value,
    plotOptions: { series: { animation: false, stacking: s.shape.startsWith("stacked") ? "normal" : undefined,
      dataLabels: { enabled: s.kind === "labelled-bar" } },
      pie: { dataLabels: { enabled: true, format: "{point.name}" } } },
    series: series(s),
  };
}

for (const spec of JSON.parse(fs.readFileSync(0, "utf8"))) {
  if (["box", "hatched-bar"].includes(spec.kind)) continue;
  const holder = window.document.getElementById("c");
  holder.innerHTML = "";
  new Highcharts.Chart(holder, options(spec));
  fs.writeFileSync(`${process.argv[2]}/${spec.id}.svg`, holder.querySelector("svg").outerHTML);
}
process.exit(0);
