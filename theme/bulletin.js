// Makes the drawn charts interactive. Without it the page is complete: the drawing and its numbers are in the HTML.
(() => {
  "use strict";
  const here = document.currentScript.src;
  const charts = document.querySelectorAll(".chart");
  if (charts.length === 0 || window.matchMedia("print").matches) return;

  const start = () => {
    const script = document.createElement("script");
    script.src = new URL("vega.js", here).href;
    script.onload = () => charts.forEach(enliven);
    document.head.append(script);
  };

  const enliven = async (chart) => {
    const drawing = chart.querySelector(".chart-drawing");
    const spec = JSON.parse(chart.dataset.spec);
    const label = drawing.querySelector("svg").getAttribute("aria-label");
    const live = document.createElement("div");
    await window.vegaEmbed(live, spec, { actions: false, renderer: "svg" });
    const svg = live.querySelector("svg");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
    drawing.replaceChildren(live);
    chart.classList.add("is-live");
  };

  if ("requestIdleCallback" in window) window.requestIdleCallback(start);
  else window.addEventListener("load", start);
})();
