// What the server refused, said where one looks. On a list with a finder it stays below the field,
// each refusal for itself, until it is tapped away, its own line succeeds or the next name is
// typed; elsewhere the next answer takes its place.

import { steady } from "./room_swap.js";

const LINE = ["came", "back"];

export default function said(element) {
  const finder = element.querySelector("[data-finder]");
  const all = () => [...element.querySelectorAll(".room-said.here")];
  const of = (tap) => (finder && tap.fields.find(([name]) => LINE.includes(name))?.[1]) || "";

  const drop = (lines) => steady(element, () => lines.forEach((one) => one.remove()));
  const forget = (tap) => drop(all().filter((one) => one.dataset.of === of(tap)));

  function refuse(tap, page) {
    forget(tap);
    const main = new DOMParser().parseFromString(page, "text/html").querySelector("main");
    const sentence = (main?.querySelector(".lede") ?? main)?.textContent.trim().replace(/\s+/g, " ") ?? "";
    const line = Object.assign(document.createElement("p"), { className: "room-said here", textContent: sentence });
    line.setAttribute("role", "alert");
    line.dataset.of = of(tap);
    if (!finder) return element.prepend(line);
    const name = document.getElementById(`r-${of(tap)}`)?.querySelector("p b")?.textContent;
    const words = Object.assign(document.createElement("span"), { textContent: name && !sentence.includes(name) ? `${name}: ${sentence}` : sentence });
    line.replaceChildren(words, " ", closing(line));
    steady(element, () => finder.append(line));
  }

  function closing(line) {
    const button = Object.assign(document.createElement("button"), { className: "btn btn-plain", type: "button", textContent: "Close" });
    button.addEventListener("click", () => {
      if (button.matches(":focus-visible")) finder.querySelector("input").focus();
      drop([line]);
    });
    return button;
  }

  // Who is typing while a refusal comes has not read it yet: it goes when the field is entered anew.
  finder?.addEventListener("focusin", ({ target }) => {
    if (target.matches("input")) for (const one of all()) one.dataset.read = "";
  });
  finder?.addEventListener("input", () => {
    for (const one of all()) if ("read" in one.dataset) one.remove();
  });
  return { refuse, forget };
}
