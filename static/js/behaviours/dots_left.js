// Counts the dots as they are ticked, before they are given. Whoever ticks too many reads it at once.

export default function dotsLeft(form) {
  const line = form.querySelector("[data-words]");
  const words = line.dataset.words.split("|");
  const [rings, told] = [[...line.querySelectorAll(".seats i")], line.querySelector("b")];

  function count() {
    const given = form.querySelectorAll("[name=dot]:checked").length;
    rings.forEach((ring, at) => ring.classList.toggle("on", at < given));
    told.textContent = words[Math.min(given, words.length - 1)];
  }

  form.addEventListener("change", count);
  count();
}
