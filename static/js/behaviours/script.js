// Follows the way through a script: shows the blocks that the answers led to, up to the question
// that has none yet, and folds those that are answered. What is hidden keeps its answers out of the
// report. The keys 1 to 9 answer the question at hand. Without scripts every block stands there
// with its "if".

export default function script(root) {
  const steps = new Map([...root.querySelectorAll("[data-step]")].map((step) => [step.dataset.step, step]));
  const goodbye = root.querySelector("[data-goodbye]");
  const looked = new Set(); // folded blocks that somebody opened again

  for (const [key, step] of steps) {
    step.querySelector(".change")?.addEventListener("click", () => {
      looked.add(key);
      follow();
      step.querySelector("input:checked")?.focus();
    });
  }
  root.addEventListener("change", (event) => {
    looked.delete(event.target.closest("[data-step]")?.dataset.step);
    follow();
  });
  // Answers that were kept and put back in.
  root.addEventListener("script:restored", follow);

  function follow() {
    const way = walk(steps);
    for (const [key, step] of steps) {
      const on = way.met.includes(key) && !step.classList.contains("turning");
      step.hidden = !on;
      for (const input of step.querySelectorAll("input")) input.disabled = !on;
      const done = on && key !== way.at && !looked.has(key) && Boolean(chosen(step));
      step.classList.toggle("is-done", done);
      const change = step.querySelector(".change");
      if (change) change.hidden = !done;
      near(step, on);
    }
    if (goodbye) goodbye.open = way.ended || steps.size === 0;
    number(root, steps.get(way.at));
  }
  follow();
}

function chosen(step) {
  return step?.querySelector('[name^="answer-"]:checked');
}

// Which blocks are met, and at which question it stops.
function walk(steps) {
  const met = [];
  let key = steps.keys().next().value;
  while (steps.has(key) && !met.includes(key)) {
    const step = steps.get(key);
    met.push(key);
    if (step.classList.contains("turning")) {
      const said = chosen(steps.get(step.dataset.on));
      const cases = step.dataset.cases.trim().split(/\s+/).map((one) => one.split("="));
      const led = met.includes(step.dataset.on) && cases.find(([option]) => option === said?.value);
      key = led ? led[1] : step.dataset.next;
    } else if (step.querySelector('[name^="answer-"]')) {
      const answer = chosen(step);
      if (!answer) return { met, at: key, ended: false };
      key = answer.dataset.next;
    } else key = step.dataset.next;
  }
  return { met, at: met.at(-1), ended: true };
}

// Events to sign up to stand there once the answer says so.
function near(step, on) {
  for (const part of step.querySelectorAll("[data-near]")) {
    const wanted = on && chosen(step)?.dataset.signsUp !== undefined;
    part.hidden = !wanted;
    for (const input of part.querySelectorAll("input")) input.disabled = !wanted;
    if (wanted) step.classList.remove("is-done");
  }
}

function number(root, step) {
  for (const input of root.querySelectorAll('[name^="answer-"]')) {
    delete input.dataset.key;
    const kbd = input.closest("label").querySelector("kbd");
    kbd.hidden = true;
  }
  const inputs = [...(step?.querySelectorAll('[name^="answer-"]') ?? [])].slice(0, 9);
  inputs.forEach((input, at) => {
    input.dataset.key = String(at + 1);
    const kbd = input.closest("label").querySelector("kbd");
    kbd.textContent = String(at + 1);
    kbd.hidden = false;
  });
}
