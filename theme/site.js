// The site around the bulletins: filters of the index, the way to the period before and after.
// Every page is complete without it.
(() => {
  "use strict";
  const beside = document.querySelector('script[src$="periods.js"]')?.src ?? document.baseURI;
  const zh = document.documentElement.lang.startsWith("zh");

  const filters = document.querySelector("form.filters");
  if (filters) {
    const status = filters.querySelector("[role=status]");
    const chosen = () => Object.fromEntries(new FormData(filters));
    const fits = (item, { series, year, unit }) =>
      (!series || item.dataset.series === series) &&
      (!year || item.dataset.year === year) &&
      (!unit || (item.dataset.units ?? "").split(" ").includes(unit));
    const apply = () => {
      const wanted = chosen();
      let count = 0;
      for (const section of document.querySelectorAll("section.series")) {
        let some = false;
        for (const item of section.querySelectorAll("[data-units]")) {
          const series = { ...item.dataset, series: section.dataset.series };
          item.hidden = !fits({ dataset: series }, wanted);
          some ||= !item.hidden;
          count += item.hidden ? 0 : 1;
        }
        for (const line of section.querySelectorAll(".earlier")) line.hidden = !line.querySelector("[data-units]:not([hidden])");
        section.hidden = !some;
      }
      for (const group of document.querySelectorAll("section.issuer, .synthetic-list")) {
        group.hidden = !group.querySelector("section.series:not([hidden])");
      }
      status.textContent = count ? status.dataset.shown.replace("{}", count) : status.dataset.none;
      const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value)).toString();
      history.replaceState(null, "", query ? `?${query}` : location.pathname);
    };
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (filters.elements[name]) filters.elements[name].value = value;
    }
    filters.hidden = false;
    filters.addEventListener("change", apply);
    filters.addEventListener("submit", (event) => event.preventDefault());
    if (location.search) apply();
  }

  // Beside a bulletin stands periods.js, which the site writes anew with each period: the page itself stays as approved.
  const here = decodeURIComponent(location.pathname.split("/").pop());
  const periods = window.tongbaoPeriods ?? [];
  const lang = zh ? "zh" : "en";
  const place = periods.findIndex((period) => period.pages[lang] === here);
  if (place >= 0) {
    const nav = document.createElement("nav");
    nav.className = "neighbours";
    nav.setAttribute("aria-label", zh ? "前后各期" : "Other periods");
    const add = (period, words, rel) => {
      if (!period?.pages[lang]) return;
      const link = document.createElement("a");
      link.href = new URL(period.pages[lang], beside).href;
      link.rel = rel;
      link.textContent = words + period.labels[lang];
      nav.append(link);
    };
    add(periods[place - 1], zh ? "上一期：" : "Previous: ", "prev");
    add(periods[place + 1], zh ? "下一期：" : "Next: ", "next");
    const all = document.createElement("a");
    all.href = new URL(zh ? "index.html" : "index.en.html", beside).href;
    all.textContent = zh ? "本系列各期" : "All periods";
    nav.append(all);
    (document.querySelector("main .text") ?? document.querySelector("main"))?.append(nav);
  }
})();
