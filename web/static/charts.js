/* Draws charts from JSON that the page carries: {"categories": [...], "series": [{"name", "data", "type"}], "links": [...]}. */
"use strict";
document.addEventListener("DOMContentLoaded", function () {
  var palette = ["#17467f", "#5b8bbf", "#b3211c", "#d29a2e", "#3f8f5c", "#7a8794"];
  document.querySelectorAll("[data-chart]").forEach(function (place) {
    var source = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    var chart = echarts.init(place, null, { renderer: "svg" });
    var turned = place.dataset.direction === "horizontal";
    var names = { type: "category", data: source.categories, inverse: turned, axisTick: { show: false },
      axisLabel: { interval: 0, width: turned ? 130 : 90, overflow: "truncate", rotate: turned || source.categories.length < 9 ? 0 : 32 } };
    var values = { type: "value", max: source.max, splitLine: { lineStyle: { color: "#e6ebf0" } } };
    chart.setOption({
      animation: false, color: palette, aria: { enabled: true },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 12, right: 40, top: source.series.length > 1 ? 36 : 14, bottom: 8, containLabel: true },
      legend: source.series.length > 1 ? { top: 0 } : undefined,
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
      xAxis: turned ? values : names, yAxis: turned ? names : values,
      series: source.series.map(function (one) {
        return { name: one.name, type: one.type || "bar", data: one.data, barMaxWidth: 22, smooth: false,
          label: { show: source.series.length === 1, position: turned ? "right" : "top", color: "#33475c" } };
      })
    });
    chart.on("click", function (event) {
      if (source.links && source.links[event.dataIndex]) { window.location.href = source.links[event.dataIndex]; }
    });
    window.addEventListener("resize", function () { chart.resize(); });
    window.addEventListener("beforeprint", function () { chart.resize(); });
  });
});
