// Opens a number of the text: how it was computed and from which cells, which light up in the annex tables.
// Without this script the page is complete: the same entries stand at its end, linked from each sentence.
(() => {
  "use strict";
  const words = document.documentElement.lang.startsWith("en")
    ? { close: "Close", clear: "Stop highlighting", back: "Back to the evidence", to: (text) => `Back to “${text}”` }
    : { close: "关闭", clear: "取消高亮", back: "回到数字溯源", to: (text) => `回到正文“${text}”` };
  const entries = new Map();
  for (const entry of document.querySelectorAll(".figure-evidence")) {
    if (!entries.has(entry.dataset.evidence)) entries.set(entry.dataset.evidence, entry);
  }
  // Numbers of tables, charts and the entries themselves say what they are, too, but open nothing.
  const opens = ":is(.figure-value, .unit-name)";
  const numbers = [...document.querySelectorAll(`main ${opens}`)].filter((n) => entries.has(n.dataset.figure));
  if (numbers.length === 0 || !window.HTMLDialogElement) return;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const wide = window.matchMedia("(min-width: 40em)");

  // One tab stop for each sentence; the arrow keys go from number to number inside it.
  const groupOf = (number) => number.closest("p, li, dl") ?? number.parentElement;
  const groups = new Map();
  for (const number of numbers) {
    const group = groupOf(number);
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(number);
    number.tabIndex = groups.get(group).length === 1 ? 0 : -1;
  }
  const numberAt = (event) =>
    event.target instanceof Element ? event.target.closest(`${opens}[tabindex]`) : null;
  // A number is a button only while it has the focus: read line by line it stays text.
  document.addEventListener("focusin", (event) => {
    const number = numberAt(event);
    if (!number) return;
    number.setAttribute("role", "button");
    number.setAttribute("aria-haspopup", "dialog");
    for (const other of groups.get(groupOf(number))) other.tabIndex = other === number ? 0 : -1;
  });
  document.addEventListener("focusout", (event) => {
    const number = numberAt(event);
    number?.removeAttribute("role");
    number?.removeAttribute("aria-haspopup");
  });

  const panel = document.createElement("dialog");
  panel.className = "evidence-panel";
  panel.setAttribute("aria-labelledby", "evidence-panel-name");
  const body = document.createElement("div");
  body.className = "evidence-panel-body";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "evidence-close";
  close.setAttribute("aria-label", words.close);
  close.textContent = "×";
  close.addEventListener("click", () => panel.close());
  panel.append(close, body);
  document.body.append(panel);

  const back = document.createElement("div");
  back.className = "evidence-return";
  const backButton = document.createElement("button");
  const clearButton = document.createElement("button");
  backButton.type = clearButton.type = "button";
  clearButton.textContent = words.clear;
  back.append(backButton, clearButton);

  let origin = null; // the number or link the reader came from
  let target = null; // the cell the reader is led to

  const clear = () => {
    document.querySelectorAll(".annex-table .is-lit").forEach((cell) => cell.classList.remove("is-lit"));
    back.remove();
  };
  const light = (entry) => {
    clear();
    for (const link of entry.querySelectorAll('a[href^="#cell-"]')) {
      document.getElementById(link.getAttribute("href").slice(1))?.classList.add("is-lit");
    }
  };

  // Beside its number where there is room, at the foot of the screen on a phone.
  const place = (number) => {
    panel.removeAttribute("style");
    const at = number.getClientRects()[0] ?? number.getBoundingClientRect();
    if (!wide.matches) {
      // The number, and what follows it, stay in sight above the panel.
      const room = panel.getBoundingClientRect().top;
      if (at.bottom + 80 > room) window.scrollBy({ top: at.top - room / 3, behavior: "instant" });
      return;
    }
    const below = window.innerHeight - at.bottom - 24;
    const above = at.top - 24;
    const under = below >= Math.min(panel.offsetHeight, 320) || below >= above;
    panel.style.maxHeight = `${Math.max(160, under ? below : above)}px`;
    const left = Math.min(at.left, document.documentElement.clientWidth - panel.offsetWidth - 16);
    panel.style.left = `${Math.max(16, left)}px`;
    panel.style.top = `${under ? at.bottom + 8 : Math.max(16, at.top - 8 - panel.offsetHeight)}px`;
  };
  const open = (number) => {
    const entry = entries.get(number.dataset.figure);
    if (!entry) return;
    document.querySelector(`${opens}.is-open`)?.classList.remove("is-open");
    origin = number;
    target = null;
    number.classList.add("is-open");
    light(entry);
    const shown = entry.cloneNode(true);
    shown.querySelector(".figure-name").id = "evidence-panel-name";
    body.replaceChildren(shown);
    panel.scrollTop = 0;
    if (!panel.open) panel.showModal();
    close.focus();
    place(number);
  };
  panel.addEventListener("close", () => {
    body.replaceChildren();
    document.querySelector(`${opens}.is-open`)?.classList.remove("is-open");
    if (!target) clear();
    // The browser gives the focus back to the number; a cell takes it after that.
    (target ?? origin)?.focus({ preventScroll: true });
  });
  // A click beside the panel closes it; one on another number opens that. What lies behind the panel is out of the
  // browser's reach, so its place tells which number was meant.
  const holds = (box, { clientX: x, clientY: y }) => box.left <= x && x <= box.right && box.top <= y && y <= box.bottom;
  panel.addEventListener("click", (event) => {
    if (event.target !== panel || holds(panel.getBoundingClientRect(), event)) return;
    const next = numbers.find((number) => [...number.getClientRects()].some((box) => holds(box, event)));
    if (next) open(next);
    else panel.close();
  });

  // To a cell, and back to where the reader came from.
  const lead = (link, from) => {
    target = document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    origin = from;
    light(link.closest(".figure-evidence"));
    backButton.textContent = `↑ ${from.matches(opens) ? words.to(from.textContent) : words.back}`;
    // Behind the table, where the Tab key finds it next.
    target.closest(".table-scroll").after(back);
    target.tabIndex = -1;
    if (panel.open) panel.close();
    target.scrollIntoView({ block: "center", inline: "center", behavior: still.matches ? "auto" : "smooth" });
    target.focus({ preventScroll: true });
  };
  const goBack = () => {
    clear();
    origin?.scrollIntoView({ block: "center", behavior: still.matches ? "auto" : "smooth" });
    origin?.focus({ preventScroll: true });
  };
  backButton.addEventListener("click", goBack);
  clearButton.addEventListener("click", clear);

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest('.figure-evidence a[href^="#cell-"]') : null;
    if (link) {
      event.preventDefault();
      lead(link, panel.open ? origin : link);
      return;
    }
    const number = numberAt(event);
    if (number && window.getSelection().isCollapsed) open(number);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && back.isConnected && !panel.open) {
      goBack();
      return;
    }
    const number = numberAt(event);
    if (!number || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(number);
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const group = groups.get(groupOf(number));
      const next = group[group.indexOf(number) + (event.key === "ArrowRight" ? 1 : -1)];
      if (next) {
        event.preventDefault();
        next.focus();
      }
    }
  });
})();
