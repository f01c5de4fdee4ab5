// A field above the cards for what people ask: it leaves those that hold the words.

export default function cardFilter(fold) {
  const cards = [...fold.querySelectorAll("[data-card]")];
  const field = document.createElement("input");
  Object.assign(field, { type: "search", className: "input", autocomplete: "off" });
  field.placeholder = "Find a card";
  field.setAttribute("aria-label", "Find what they ask");
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const card of cards) {
      const text = card.textContent.toLowerCase();
      card.hidden = !words.every((word) => text.includes(word));
    }
  });
  // Enter looks for a card; it never sends the report.
  field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  fold.querySelector("summary").after(field);
}
