// What the page of the door shows: what the server has said, and on top of it what is on its way
// there. Nothing in here is kept.

export default function view(root) {
  const one = (what) => root.querySelector(what);
  const lines = () => [...root.querySelectorAll("#door-list [data-rsvp]")];
  const marks = () => new Map(lines().map((line) => [line.dataset.rsvp, line.dataset.attendance]));
  const clock = (length) => new Date().toTimeString().slice(0, length);

  function show(base, served, pending) {
    const now = { ...base };
    const wanted = new Map(served);
    const names = pending.filter((tap) => tap.name && !tap.undone).map((tap) => tap.name);
    for (const tap of pending) {
      if (tap.mark) wanted.set(tap.to, tap.mark);
      now.came_in += (tap.count === "in") - (tap.was === "in");
      now.went_out += (tap.count === "out") - (tap.was === "out");
    }
    for (const line of lines()) {
      const mark = wanted.get(line.dataset.rsvp);
      const change = (mark === "came") - (served.get(line.dataset.rsvp) === "came");
      now.here += change * line.dataset.party;
      now.came_in += change * line.dataset.party;
      flip(line, mark);
    }
    now.here += names.length;
    now.came_in += names.length;
    now.inside = Math.max(0, now.came_in - now.went_out);
    root.querySelectorAll("#door-list section").forEach(dots);
    now.room_left = now.most === null ? null : Math.max(0, now.most - now.inside);
    figures(now, pending.length);
    unsent(names);
    return now;
  }

  function flip(line, mark) {
    if (!mark || line.dataset.attendance === mark) return;
    line.dataset.attendance = mark;
    for (const key of line.querySelectorAll("[aria-pressed]")) key.setAttribute("aria-pressed", key.value === mark);
    const at = line.querySelector("[data-came-at]");
    if (at && mark === "came") at.textContent = clock(5);
  }

  // Everyone is a dot: filled when here, dotted while to come.
  function dots(sheet) {
    const people = { came: 0, unknown: 0 };
    for (const line of sheet.querySelectorAll("[data-rsvp]")) people[line.dataset.attendance] += +line.dataset.party;
    sheet.querySelectorAll(".sheet-head .seats i").forEach((dot, at) => {
      dot.className = at < people.came ? "on" : at < people.came + people.unknown ? "due" : "";
    });
    const words = sheet.querySelector("[data-here-words]");
    if (words) words.textContent = people.came;
  }

  function figures(now, waiting) {
    for (const part of root.querySelectorAll("[data-n]")) {
      const figure = String(now[part.dataset.n] ?? "");
      if (part.textContent !== figure) part.textContent = figure;
    }
    const full = now.most !== null && now.inside >= now.most;
    one("[data-full]").hidden = !full;
    if (one("[data-meter]")) one("[data-meter]").value = now.inside;
    one(".key-in").disabled = full;
    one("[data-in-word]").textContent = full ? "Nobody in" : "In";
    one(".key-out").disabled = now.inside < 1;
    one("[data-pending]").hidden = waiting === 0;
    const words = waiting ? `${waiting} not sent yet` : "";
    one("[data-pending-words]").textContent = words;
    one("[data-bar]").textContent = words || "here"; // always in sight on a phone
  }

  // Whoever was added without a connection: their names stand in this tab until they are sent.
  function unsent(names) {
    const box = one("[data-unsent]");
    box.hidden = names.length === 0;
    box.querySelector("ul").replaceChildren(
      ...names.map((name) => {
        const item = Object.assign(document.createElement("li"), { className: "is-new" });
        const dot = Object.assign(document.createElement("i"), { className: "dot-mark" });
        item.append(dot, Object.assign(document.createElement("b"), { textContent: name }));
        return item;
      }),
    );
  }

  function refuse(sentence, tap) {
    const line = document.getElementById(`r-${tap.to}`);
    const who = tap.name ?? line?.querySelector("[data-name]")?.textContent;
    const text = who ? `${who}: ${sentence}` : sentence;
    one("[data-refused]").append(Object.assign(document.createElement("p"), { textContent: text }));
  }

  function toast(words, back) {
    one(".toast-place")?.remove();
    const made = one("template[data-toast]").content.cloneNode(true);
    made.querySelector("[data-said]").textContent = words;
    made.querySelector("button").addEventListener("click", (press) => {
      press.target.closest(".toast-place").remove();
      back();
    });
    root.append(made);
  }

  // The parts of the page anew, where other people are on it by now.
  function swap(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    if (!fresh.querySelector("[data-behaviour~=door]")) return false;
    const held = document.activeElement;
    const [line, value] = [held?.closest("[data-rsvp]")?.id, held?.value];
    for (const part of root.querySelectorAll("[data-live][id]")) {
      const other = fresh.getElementById(part.id);
      if (other) part.replaceWith(other);
    }
    if (line) document.querySelector(`#${line} [value="${value}"]`)?.focus({ preventScroll: true });
    root.dispatchEvent(new Event("door:fresh"));
    return true;
  }

  return { marks, show, refuse, toast, swap, clock };
}
