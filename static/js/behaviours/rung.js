// Back from the telephone: what happened is asked first, so it is what one sees. On a small screen
// "Talked" and every answer bring the step at hand to the top; the ones before fold behind it.

const NARROW = "(max-width: 1023px)";

export default function rung(section) {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || !section.isConnected) return;
    if (section.querySelector("input[name=outcome]:checked")) return;
    section.querySelector(".outcomes")?.scrollIntoView({ block: "center" });
  });
  const form = section.closest("form");
  form.addEventListener("change", ({ target, isTrusted }) => {
    const talked = target.name === "outcome" && target.value === "talked";
    if (!isTrusted || !matchMedia(NARROW).matches) return;
    if (talked || target.name.startsWith("answer-")) setTimeout(() => toTop(form));
  });
}

function toTop(form) {
  const steps = form.querySelectorAll(".call-script .step:not([hidden]):not(.is-done)");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  [...steps].at(-1)?.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
}
