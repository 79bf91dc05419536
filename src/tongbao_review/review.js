// Keeps the ticks of the list in this browser; each is bound to what it stands beside.
// In a database, not in localStorage: Chromium now and then gives a reloaded file an empty one.
(() => {
  "use strict";
  const boxes = [...document.querySelectorAll("ul.ticks input")];
  const count = document.getElementById("ticked");
  const place = count.dataset.review;
  const touched = new Set();
  const ticked = () => boxes.filter((box) => box.checked);
  const show = () => {
    count.textContent = `${ticked().length} / ${boxes.length}`;
  };
  const of = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const open = async () => {
    const request = indexedDB.open("tongbao review", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("ticks");
    return of(request);
  };
  const store = (database, mode) => database.transaction("ticks", mode).objectStore("ticks");
  const load = async () => {
    const database = await open();
    const kept = (await of(store(database, "readonly").get(place))) ?? [];
    for (const box of boxes) {
      if (!touched.has(box)) box.checked = kept.includes(box.id);
    }
    return database;
  };
  const keep = async () => {
    const ticks = store(await loaded, "readwrite");
    const ids = ticked().map((box) => box.id);
    ticks.put(ids, place);
    ticks.transaction.oncomplete = () => {
      count.dataset.kept = ids.length;
    };
  };
  for (const box of boxes) {
    box.checked = false; // A browser may fill in what it remembers of the form.
    box.addEventListener("change", () => {
      touched.add(box);
      show();
      keep().catch(() => {}); // A browser that keeps nothing still ticks.
    });
  }
  show();
  const loaded = load();
  const then = () => {
    show();
    count.dataset.kept = ticked().length; // How many a reload will show.
  };
  loaded.then(then, () => {});
})();
