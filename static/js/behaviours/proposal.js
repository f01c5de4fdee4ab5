// Shows what is proposed for the kind that is chosen: how long it lasts, what people read.
// Words somebody typed stay. Without this the server fills in what was left empty.

export default function proposal(form) {
  const source = form.querySelector("#proposals");
  const about = form.querySelector("#about");
  const shown = form.querySelector("[data-shown]");
  const length = form.querySelector("[data-length]");
  if (!source || !about || !shown) return;
  const proposals = JSON.parse(source.textContent);
  const plain = (text) => text.replace(/\r\n/g, "\n").trim();
  const untouched = () =>
    about.value === "" ? !shown.value : Object.values(proposals).some((one) => plain(one.about) === plain(about.value));

  function propose() {
    const one = proposals[form.querySelector("[name=kind]:checked")?.value];
    if (!one) return;
    if (length) length.textContent = one.length;
    if (!untouched()) return;
    about.value = one.about;
    about.rows = 4;
    while (about.scrollHeight > about.clientHeight && about.rows < 14) about.rows += 1;
    shown.value = "1";
  }

  propose();
  form.addEventListener("change", (event) => event.target.name === "kind" && propose());
  // The browser may bring back what stood here, without the choice it belonged to.
  addEventListener("pageshow", (event) => event.persisted && propose());
}
