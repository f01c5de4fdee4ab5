// How somebody likes the screen is changed where they are: nothing they typed is lost. The country
// they ring from changes how numbers are written, so that one fetches the page.

export default function ownScreen(form) {
  form.addEventListener("submit", async (event) => {
    const { name, value } = event.submitter ?? {};
    if (name !== "size" && name !== "keys") return;
    event.preventDefault();
    const body = document.body.classList;
    if (name === "size") {
      body.remove("size-usual", "size-large", "size-wide");
      body.add(`size-${value}`);
    } else {
      body.toggle("keys-off", value === "off");
    }
    for (const button of document.querySelectorAll(`button[form="${form.id}"][name="${name}"]`)) {
      button.setAttribute("aria-pressed", String(button.value === value));
    }
    const sent = new FormData(form, event.submitter);
    const headers = { Accept: "application/json" };
    await fetch(form.action, { method: "POST", body: sent, headers }).catch(() => {});
  });
}
