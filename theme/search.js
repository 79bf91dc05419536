// The search: terms and texts of pages stand in small files beside the site (tongbao_site/search.py makes them).
(() => {
  "use strict";
  const script = document.currentScript;
  const results = document.getElementById("search-results");
  const status = document.getElementById("search-status");
  const box = document.getElementById("q");
  const root = new URL("../", script.src);
  const place = new URL(`search/${document.documentElement.lang.startsWith("zh") ? "zh" : "en"}/`, root);
  const SHOWN = 30; // results
  const ENOUGH = 400; // of which it is said that there may be more
  const AT_ONCE = 100; // pages whose texts are held to the query

  // As search.py folds a text and cuts it into terms.
  const folds = new Map([["，", "，"], ["\u2212", "-"]]);
  const fold = (sign) => {
    if (!folds.has(sign)) folds.set(sign, sign.normalize("NFKC").toLowerCase());
    return folds.get(sign);
  };
  const folded = (said) => said.replace(/[^\n -@[-~\u4e00-\u9fff]/gu, fold); // all others stay as they are
  const letters = "a-zß-öø-ɏ";
  const term = new RegExp(`[0-9]+(?:[.,][0-9]+)*|[${letters}]+|[^\\s0-9${letters}]+`, "g");
  const number = /^[0-9]/, word = new RegExp(`^[${letters}]`);

  // A word may go on behind what is searched; a number is whole, 7.69 is none of 17.69.
  const wanted = (piece) => {
    const found = [];
    for (const [run] of piece.matchAll(term)) {
      const signs = [...run];
      if (number.test(run) || word.test(run)) found.push({ term: run, open: word.test(run) && piece.endsWith(run) });
      else if (signs.length === 1) found.push({ term: run });
      else signs.slice(1).forEach((sign, at) => found.push({ term: signs[at] + sign }));
    }
    return found;
  };
  const pattern = (piece) => {
    const before = number.test(piece) ? "(?<![0-9]|[0-9][.,])" : word.test(piece) ? `(?<![${letters}])` : "";
    const after = /[0-9]$/.test(piece) ? "(?![0-9]|[.,][0-9])" : "";
    return before + piece.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&") + after;
  };

  const loaded = new Map();
  const load = (name) => {
    if (!loaded.has(name)) {
      const address = new URL(name, place);
      const asked = fetch(address, name === "index.json" ? { cache: "no-cache" } : {}).then((answer) => {
        if (!answer.ok) throw new Error(`${answer.status}`);
        return answer.json();
      });
      asked.catch(() => loaded.delete(name));
      loaded.set(name, asked);
    }
    return loaded.get(name);
  };
  const shard = (of, count) => {
    let made = 0;
    for (const sign of number.test(of) ? of : [...of][0]) made = (made * 31 + sign.codePointAt(0)) % 65521;
    return made % count;
  };

  // The numbers of the pages with a term.
  const standing = async (index, { term: of, open }) => {
    const part = await load(`terms-${shard(of, index.shards)}.json?${index.version}`);
    const own = open ? Object.keys(part).filter((one) => one.startsWith(of)) : Object.prototype.hasOwnProperty.call(part, of) ? [of] : [];
    const lists = own.map((one) => part[one]);
    const found = new Set();
    for (const list of lists) {
      let page = 0;
      for (const step of list) found.add((page += step));
    }
    return found;
  };
  const candidates = async (index, pieces) => {
    const sets = await Promise.all(pieces.flatMap(wanted).map((one) => standing(index, one)));
    const [first, ...others] = sets.sort((one, other) => one.size - other.size);
    return [...(first ?? [])].filter((page) => others.every((set) => set.has(page))).sort((one, other) => one - other);
  };
  const text = async (index, page) => {
    const pack = index.packs.filter((first) => first <= page).length - 1;
    return (await load(`texts-${pack}.json?${index.version}`))[page - index.packs[pack]];
  };

  // Where the pieces stand in a text: the first letter, the one behind the last, and which piece it is.
  const places = (said, patterns) => {
    const origin = [], whole = folded(said);
    let at = 0;
    for (const sign of said) {
      for (let letter = fold(sign).length; letter > 0; letter--) origin.push(at);
      at += sign.length;
    }
    origin.push(at);
    return patterns.flatMap((one, piece) =>
      [...whole.matchAll(one)].map((found) => {
        let last = found.index + found[0].length;
        while (last < whole.length && origin[last] === origin[last - 1]) last++; // of one sign: ㎡ is m and 2
        return [origin[found.index], origin[last], piece];
      }),
    );
  };
  const marked = (said, patterns) => {
    const spans = places(said, patterns).sort((one, other) => one[0] - other[0] || other[1] - one[1]);
    let first = 0, most = 0; // shown from where most of the pieces stand together
    for (const [from] of spans) {
      const together = new Set(spans.filter((one) => one[0] >= from && one[1] <= from + 96).map((one) => one[2])).size;
      if (together > most) [first, most] = [from, together];
      if (most === patterns.length) break;
    }
    const start = Math.max(0, first - 24, said.lastIndexOf("\n", first) + 1);
    const end = Math.min(said.length, start + 120);
    const parts = [start ? "…" : ""];
    let at = start;
    for (const [from, to] of spans) {
      if (from < at || to > end) continue;
      const mark = document.createElement("mark");
      mark.textContent = said.slice(from, to);
      parts.push(said.slice(at, from).replaceAll("\n", "　"), mark);
      at = to;
    }
    return [...parts, said.slice(at, end).replaceAll("\n", "　"), end < said.length ? "…" : ""];
  };

  let newest = 0;
  const show = async (query) => {
    const call = ++newest;
    results.replaceChildren();
    status.textContent = "";
    const pieces = [...new Set(folded(query.normalize("NFC")).split(/\s+/).filter(Boolean))];
    if (!pieces.length) return;
    const patterns = pieces.map((piece) => new RegExp(pattern(piece), "gu"));
    const found = [];
    let more = false;
    try {
      const index = await load("index.json");
      const pages = await candidates(index, pieces);
      const hold = async (page) => {
        const [path, title] = index.pages[page];
        const said = await text(index, page);
        const [inTitle, inText] = [title, said].map(folded).map((one) => patterns.map((made) => one.search(made) >= 0));
        return { path, title, said, stand: inTitle.every((is, at) => is || inText[at]), first: inTitle.every(Boolean) };
      };
      while (pages.length && found.length < ENOUGH && call === newest) {
        found.push(...(await Promise.all(pages.splice(0, AT_ONCE).map(hold))).filter((one) => one.stand));
      }
      more = pages.length > 0;
    } catch {
      if (call === newest) status.textContent = status.dataset.off;
      return;
    }
    if (call !== newest) return;
    found.sort((one, other) => other.first - one.first); // as they stand in the index, those whose title has all before
    const said = !found.length ? status.dataset.none : more ? status.dataset.more : status.dataset.found;
    status.textContent = said.replace("{}", () => (found.length ? found.length : query));
    for (const page of found.slice(0, SHOWN)) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = new URL(page.path, root).href;
      link.textContent = page.title;
      const excerpt = document.createElement("p");
      excerpt.append(...marked(page.said, patterns));
      item.append(link, excerpt);
      results.append(item);
    }
  };
  box.value = new URLSearchParams(location.search).get("q") ?? "";
  box.form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?${new URLSearchParams({ q: box.value })}`);
    show(box.value.trim());
  });
  show(box.value.trim());
})();
