// Makes the drawn charts interactive. Without it the page is complete: the drawing and its numbers are in the HTML.
(() => {
  "use strict";
  const here = document.currentScript.src;

  // A link to a finding's evidence opens it.
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  window.addEventListener("hashchange", reveal);
  reveal();

  const charts = document.querySelectorAll(".chart");
  // A page that is one file has nothing beside it: its charts stay drawings.
  if (!here || charts.length === 0 || window.matchMedia("print").matches) return;

  const start = () => {
    const script = document.createElement("script");
    script.src = new URL("vega.js", here).href;
    script.onload = () => charts.forEach(enliven);
    document.head.append(script);
  };

  // The bars take the width there is; the letters keep their size.
  const fit = (spec, space) => {
    const latin = document.documentElement.lang.startsWith("en");
    const units = Object.values(spec.datasets).flat().map((row) => row.unit?.length ?? 0);
    const names = latin ? Math.min(150, 7.5 * Math.max(...units)) + 35 : 110;
    spec.width = Math.max(140, Math.min(600, space - names));
    const letters = Math.floor((space - 30) / spec.config.title.subtitleFontSize);
    // Chinese breaks anywhere; Latin letters are half as wide and break between words.
    const line = latin ? `.{1,${letters * 1.4 | 0}}(?:\\s|$)` : `.{1,${letters}}`;
    const lines = (text) => text.match(new RegExp(line, "gu")) ?? [text];
    spec.title.text = [].concat(spec.title.text).flatMap(lines);
    spec.title.subtitle = [].concat(spec.title.subtitle).flatMap(lines);
    return spec;
  };

  const enliven = async (chart) => {
    const drawing = chart.querySelector(".chart-drawing");
    const spec = fit(JSON.parse(chart.dataset.spec), drawing.clientWidth);
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
