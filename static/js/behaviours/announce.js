// Says its words to whoever listens rather than looks: a live region speaks of what changes in it,
// and words that came with the page never changed.

export default function announce(element) {
  const words = element.textContent;
  element.textContent = "";
  setTimeout(() => (element.textContent = words), 250);
}
