// Hands the address of what is shown to the phone's own sharing, or copies it and says so.

export default function share(button) {
  if (!navigator.share && !navigator.clipboard) return;
  button.hidden = false;
  const words = button.querySelector("[data-words]");
  const before = words.textContent;
  button.addEventListener("click", async () => {
    if (navigator.share) {
      // Who closes the phone's sheet again has changed their mind, no more.
      return navigator.share({ title: document.title, url: location.href }).catch(() => {});
    }
    await navigator.clipboard.writeText(location.href);
    words.textContent = "Link copied";
    setTimeout(() => (words.textContent = before), 2500);
  });
}
