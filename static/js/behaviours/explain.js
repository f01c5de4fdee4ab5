// Reads out why the answer just chosen is right or not. It is seen without this; it is only heard
// by it.

export default function explain(form) {
  const says = form.querySelector("[data-says]");
  form.addEventListener("change", (event) => {
    const why = event.target.closest("li")?.querySelector(".why");
    if (says && why) says.textContent = why.textContent.replace(/\s+/g, " ").trim();
  });
}
