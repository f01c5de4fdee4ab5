// A form that keeps itself: two seconds after the last letter it is sent, and says so. The button
// still sends it as usual, and without this script the button is what keeps it.

const PAUSE_MS = 2000;

export default function autosave(form) {
  const said = form.querySelector("[data-saved]");
  let wait = 0;
  let latest = 0;

  async function save() {
    const mine = ++latest;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      const told = await answer.json();
      if (mine !== latest || !said) return;
      said.textContent = answer.ok ? `Saved ${told.saved}` : told.error?.message ?? told.message ?? "Not saved yet.";
    } catch {
      if (said) said.textContent = "No connection. We try again.";
      wait = setTimeout(save, 2 * PAUSE_MS);
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(save, PAUSE_MS);
  });
  form.addEventListener("submit", () => clearTimeout(wait));
}
