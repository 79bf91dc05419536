// Opens what a link leads to, and the contents where there is room. Without it the page is complete.
(() => {
  "use strict";
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  window.addEventListener("hashchange", reveal);
  reveal();

  // Beside the text the contents are open, above it they open when asked.
  const contents = document.querySelector(".contents");
  const beside = window.matchMedia("(min-width: 66rem)");
  const unfold = () => contents && (contents.open = beside.matches);
  beside.addEventListener("change", unfold);
  unfold();
})();
