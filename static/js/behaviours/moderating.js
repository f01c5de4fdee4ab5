// The moderators' page: the reason writes the letter, and one hand stays on the keys.
// Letters count from 1100 px on, as the page shows them; never while somebody types.

const VERBS = {
  listed: "List it",
  "link-only": "Only by link",
  asked: "Ask",
  hidden: "Take it down",
  shown: "Show it again",
};

export default function moderating(page) {
  const form = page.querySelector(".mod-form");
  const note = form.elements.note;
  const line = form.querySelector("[data-public-line]");
  const asItWas = line.textContent;
  let written = "";

  const chosen = (name) => form.querySelector(`input[name=${name}]:checked`);

  function write() {
    const verdict = chosen("verdict")?.value;
    const reason = chosen("reason");
    if (verdict) form.querySelector("[data-verb]").textContent = VERBS[verdict];
    const told = ["asked", "hidden", "link-only"].includes(verdict) && reason;
    line.textContent = told ? `In the public log: “${reason.dataset.public}” Without names.` : asItWas;
    // What the moderator typed is never written over.
    if (note.value !== written) return;
    written = told ? (verdict === "hidden" ? reason.dataset.hide : reason.dataset.ask) : "";
    note.value = written;
  }

  function step(by) {
    const links = [...page.querySelectorAll(".mod-queue li a")];
    const here = links.findIndex((link) => link.ariaCurrent === "true");
    links[here + by]?.click();
  }

  function onKey(event) {
    const typing = event.target.matches?.("textarea, input:not([type=radio]):not([type=checkbox])");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      form.requestSubmit();
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!matchMedia("(min-width: 1100px)").matches) return;
    const key = event.key.toLowerCase();
    if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (/^[a-z]$/.test(key)) page.querySelector(`[data-key=${key}]`)?.click();
  }

  form.addEventListener("change", write);
  document.addEventListener("keydown", onKey);
  write();
}
