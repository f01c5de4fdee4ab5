// Back from the telephone: what happened is asked first, so it is what one sees.

export default function rung(section) {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || !section.isConnected) return;
    if (section.querySelector("input[name=outcome]:checked")) return;
    section.querySelector(".outcomes")?.scrollIntoView({ block: "center" });
  });
}
