// Tells beside the pointer what the table of a chart's numbers says of the row it is on. Without it nothing is missing.
(() => {
  "use strict";
  const tip = document.createElement("div");
  tip.className = "chart-tip";
  tip.setAttribute("aria-hidden", "true"); // the table is there for those who do not see it
  const hide = () => tip.remove();

  const show = (event) => {
    const chart = event.currentTarget;
    const key = event.target instanceof Element && event.target.closest("[data-row]")?.getAttribute("data-row");
    const cell = key && chart.querySelector(`.chart-data [data-figure="${CSS.escape(key)}"]`);
    if (!cell) return hide();
    const [name, ...cells] = cell.closest("tr").children;
    const [, ...heads] = chart.querySelectorAll(".chart-data thead th");
    const lines = cells.map((one, index) => `${heads[index].textContent} ${one.textContent || "—"}`);
    tip.replaceChildren(...[name.textContent, ...lines].flatMap((line) => [document.createElement("br"), line]).slice(1));
    chart.append(tip);
    const box = chart.getBoundingClientRect();
    tip.style.left = `${Math.max(0, Math.min(event.clientX - box.left + 14, box.width - tip.offsetWidth))}px`;
    tip.style.top = `${event.clientY - box.top + 16}px`;
  };
  for (const chart of document.querySelectorAll(".chart")) {
    chart.addEventListener("pointermove", show);
    chart.addEventListener("pointerdown", show); // a finger does not move first
    chart.addEventListener("pointerleave", hide);
  }
})();
