// Sorts the annex tables and gives them the room beside the text. Without it they are complete, in the issuer's order.
(() => {
  "use strict";
  const latin = document.documentElement.lang.startsWith("en");
  const words = latin
    ? { restore: "Original order", restored: "Original order restored", ascending: "lowest first", descending: "highest first", by: "Sorted by " }
    : { restore: "恢复原来的顺序", restored: "已恢复原来的顺序", ascending: "从低到高", descending: "从高到低", by: "已排序：" };
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const figures = (header) => !header.matches(".words") && header.cellIndex > 0;

  // Numbers as numbers, names as words; what is blank stands last either way, the totals' row where it stood.
  const compare = (at, sign) => (a, b) => {
    const [one, other] = [a.cells[at], b.cells[at]];
    if (one.matches(".blank") || other.matches(".blank")) return one.matches(".blank") - other.matches(".blank");
    const [left, right] = [one, other].map((cell) => cell.textContent.trim());
    const numbers = [left, right].map((text) => Number(text.replaceAll(",", "")));
    return sign * (numbers.some(Number.isNaN) ? collator.compare(left, right) : numbers[0] - numbers[1]);
  };

  const makeSortable = (table) => {
    const body = table.tBodies[0];
    const issued = [...body.rows];
    if (issued.length < 3) return;
    const headers = [...table.tHead.rows[0].cells];
    const frame = table.closest(".annex-figure");
    const status = document.createElement("p");
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    const restore = document.createElement("button");
    restore.type = "button";
    restore.textContent = words.restore;
    const item = document.createElement("li");
    item.append(restore);

    const sort = (header, way) => {
      headers.forEach((other) => other.removeAttribute("aria-sort"));
      const order = issued.filter((row) => !row.matches(".total"));
      if (way) {
        header.setAttribute("aria-sort", way);
        order.sort(compare(header.cellIndex, way === "ascending" ? 1 : -1));
        frame.querySelector(".table-files").append(item);
      } else item.remove();
      const total = issued.findIndex((row) => row.matches(".total"));
      if (total >= 0) order.splice(total, 0, issued[total]);
      body.append(...order);
      status.textContent = way ? `${words.by}${header.textContent.trim()}${latin ? ", " : "，"}${words[way]}` : words.restored;
    };
    for (const header of headers) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      header.append(button);
      // Figures begin with the highest, ranks and names with the first; the third time brings the issuer's order back.
      const ways = figures(header) && !header.matches(".rank") ? ["descending", "ascending"] : ["ascending", "descending"];
      button.addEventListener("click", () => sort(header, [...ways, ""][ways.indexOf(header.getAttribute("aria-sort")) + 1]));
    }
    restore.addEventListener("click", () => {
      const sorted = headers.find((header) => header.hasAttribute("aria-sort"));
      sort(headers[0], "");
      sorted?.querySelector("button").focus();
    });
    table.classList.add("is-sortable");
    frame.append(status);
  };

  // Beside the text there is room as far as the window or a list of contents on that side.
  const fit = (frame) => {
    const [scroll, table] = [frame.querySelector(".table-scroll"), frame.querySelector("table")];
    frame.style.width = "";
    table.style.width = "max-content";
    const wanted = table.offsetWidth;
    table.style.width = "";
    const left = frame.getBoundingClientRect().left;
    const aside = document.querySelector("#quarto-margin-sidebar")?.getBoundingClientRect();
    const edge = (aside?.width && aside.left > left ? aside.left : document.documentElement.clientWidth) - 24;
    if (wanted > frame.clientWidth) frame.style.width = `${Math.max(frame.clientWidth, Math.min(wanted, edge - left))}px`;
    frame.classList.toggle("is-whole", table.offsetWidth <= frame.clientWidth);
    frame.classList.toggle("has-more", table.offsetWidth > scroll.clientWidth);
  };

  const frames = [...document.querySelectorAll(".annex-figure")];
  document.querySelectorAll(".annex-figure > .table-scroll > .annex-table").forEach(makeSortable);
  const fitAll = () => frames.forEach(fit);
  window.addEventListener("resize", fitAll);
  window.addEventListener("beforeprint", () => frames.forEach((frame) => { frame.style.width = ""; }));
  window.addEventListener("afterprint", fitAll);
  fitAll();
})();
