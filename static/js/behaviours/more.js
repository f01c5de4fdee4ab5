// The fold of rarer outcomes shuts again once one of them was chosen, and then bears its name; on
// Escape it shuts too. It stays open for arrow keys, which choose on their way, and for an outcome
// that has more to ask inside.

export default function more(details) {
  const summary = details.querySelector("summary");
  const words = summary.querySelector("[data-words]");
  const unnamed = words.textContent;
  const form = details.closest("form");

  const name = () => {
    const chosen = details.querySelector("input[name=outcome]:checked");
    words.textContent = chosen ? chosen.nextElementSibling.firstChild.textContent.trim() : unnamed;
    summary.classList.toggle("is-chosen", Boolean(chosen));
  };
  const shut = () => {
    const within = details.contains(document.activeElement);
    details.open = false;
    if (within) summary.focus();
  };

  form.addEventListener("change", (event) => event.target.name === "outcome" && name());
  details.addEventListener("click", (event) => {
    if (!event.target.matches("input[name=outcome]") || event.target.dataset.asks) return;
    const byArrow = event.isTrusted && event.detail === 0;
    if (!byArrow) setTimeout(shut);
  });
  details.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && details.open) shut();
  });
  name();
}
