// Finds a name or a number in the list as one types, in the page itself: what is typed goes
// nowhere. Enter ticks nobody; it goes to the button of the first who is found, or begins somebody
// new where nobody is.

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export default function doorFind(root) {
  const box = root.querySelector("[data-finder]");
  const field = box.querySelector("input");
  const found = box.querySelector("[data-found]");
  box.hidden = false;

  const lines = () => [...root.querySelectorAll("[data-find]")];

  function fits(line, words) {
    const known = plain(line.dataset.find).split(/[\s-]+/);
    return words.every((word) => known.some((part) => (/^\d+$/.test(word) ? part === word : part.startsWith(word))));
  }

  function find() {
    const words = plain(field.value.trim()).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const line of lines()) {
      line.hidden = words.length > 0 && !fits(line, words);
      count += !line.hidden;
    }
    for (const part of root.querySelectorAll("#door-list section, #door-list .letters")) {
      part.hidden = words.length > 0 && (part.matches(".letters") || !part.querySelector("[data-find]:not([hidden])"));
    }
    found.textContent = words.length === 0 ? "" : count ? `${count} found` : (box.dataset.nobody ?? "Nobody. Press Enter to add them as somebody new.");
  }

  // A long list grows short under the finder: the first who is found must not lie behind it.
  function uncover(line) {
    const behind = line ? box.getBoundingClientRect().bottom - line.getBoundingClientRect().top : 0;
    if (behind > 0) scrollBy({ top: -behind, behavior: "instant" });
  }

  field.addEventListener("input", () => {
    find();
    uncover(lines().find((line) => !line.hidden));
  });
  field.addEventListener("focus", () => field.select()); // the next one is somebody else
  field.addEventListener("keydown", (press) => {
    if (press.key === "Escape") field.value = "";
    if (press.key === "Enter") {
      press.preventDefault(); // where the focus goes, the same key would press again
      go();
    }
    find();
  });

  function go() {
    const first = lines().find((line) => !line.hidden);
    const key = [...(first?.querySelectorAll("button") ?? [])].find((one) => [one.value, one.name].includes("came") && one.offsetParent);
    if (key) return key.focus();
    const name = root.querySelector("[data-taps=walk-in] [name=name]");
    if (first || !name) return;
    name.value = /^\d/.test(field.value) ? "" : field.value;
    field.value = "";
    name.focus();
  }

  // A tap on its way to the server looks like one.
  let tapped = null;
  root.addEventListener("submit", ({ submitter }) => {
    tapped = submitter?.closest("[data-find]");
    if (submitter?.name === "came") submitter.setAttribute("aria-busy", "true");
  });
  // What the finder says meanwhile does not lie over the line that was tapped.
  new ResizeObserver(() => {
    if (tapped?.isConnected && !tapped.hidden && tapped.getBoundingClientRect().bottom > 0) uncover(tapped);
  }).observe(box);
  root.addEventListener("door:fresh", () => {
    tapped = null;
    for (const sent of root.querySelectorAll("button[aria-busy]")) sent.removeAttribute("aria-busy");
    find();
  });
  if (field.value) find(); // typed before this script was there
}
