// Keeps the ticks of the list in this browser; each is bound to what it stands beside.
(() => {
  "use strict";
  const boxes = [...document.querySelectorAll("ul.ticks input")];
  const count = document.getElementById("ticked");
  const place = `tongbao review ${count.dataset.review}`;
  let kept = [];
  try {
    kept = JSON.parse(localStorage.getItem(place) ?? "[]");
  } catch {
    // A browser that keeps nothing still ticks.
  }
  const show = () => {
    count.textContent = `${boxes.filter((box) => box.checked).length} / ${boxes.length}`;
  };
  for (const box of boxes) {
    box.checked = kept.includes(box.id);
    box.addEventListener("change", () => {
      const ticked = boxes.filter((one) => one.checked).map((one) => one.id);
      try {
        localStorage.setItem(place, JSON.stringify(ticked));
      } catch {
        // As above.
      }
      show();
    });
  }
  show();
})();
