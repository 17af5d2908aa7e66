// <div class="chart" data-chart="id-of-json">: ECharts in our colours, in both themes.
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const merge = (a, b) => {
  if (Array.isArray(b) || typeof b !== "object" || b === null) return b;
  const out = { ...a };
  for (const key of Object.keys(b)) out[key] = key in out && !Array.isArray(out[key]) && typeof out[key] === "object" ? merge(out[key], b[key]) : b[key];
  return out;
};
function coloured(value) {
  if (typeof value === "string" && value.startsWith("var(")) return css(value.slice(4, -1));
  if (Array.isArray(value)) return value.map(coloured);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, coloured(v)]));
  return value;
}
const axis = () => ({ axisLine: { lineStyle: { color: css("--line") } }, axisTick: { show: false }, axisLabel: { color: css("--dim"), fontSize: 12 }, splitLine: { lineStyle: { color: css("--line") } } });
function draw(el) {
  const option = coloured(JSON.parse(document.getElementById(el.dataset.chart).textContent));
  const base = {
    color: [css("--brand"), css("--s2"), css("--s3"), css("--s4"), css("--s1")], animationDuration: 150,
    textStyle: { fontFamily: css("--font"), color: css("--ink") }, grid: { left: 8, right: 12, top: 28, bottom: 4, containLabel: true },
    tooltip: { trigger: "axis", backgroundColor: css("--card"), borderColor: css("--line"), textStyle: { color: css("--ink"), fontSize: 13 } },
    legend: { top: 0, right: 0, textStyle: { color: css("--dim") }, itemWidth: 12, itemHeight: 8 },
  };
  for (const name of ["xAxis", "yAxis"]) if (option[name]) option[name] = Array.isArray(option[name]) ? option[name].map((a) => merge(axis(), a)) : merge(axis(), option[name]);
  const chart = window.echarts.getInstanceByDom(el) || window.echarts.init(el, null, { renderer: "svg" });
  chart.setOption(merge(base, option), true);
  const links = option.links;
  chart.off("click");
  if (links) chart.on("click", (p) => { const url = links[p.dataIndex]; if (url) location.href = url; });
}
const all = () => window.echarts && document.querySelectorAll("[data-chart]").forEach(draw);
document.addEventListener("theme-changed", all);
document.body.addEventListener("htmx:afterSettle", all);
addEventListener("resize", () => document.querySelectorAll("[data-chart]").forEach((el) => window.echarts?.getInstanceByDom(el)?.resize()));
if (document.readyState === "complete") all(); else addEventListener("load", all);
