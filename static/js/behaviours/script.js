// Shows a branch of the script once one of the answers that lead to it was chosen. What is hidden
// keeps its answers out of the report. Without scripts every branch stands there with its "if".

export default function script(root) {
  const steps = [...root.querySelectorAll("[data-after]")];
  const follow = () => {
    for (const step of steps) {
      const ways = step.dataset.after.trim().split(/\s+/);
      const led = ways.some((way) => {
        const [question, option] = way.split("=");
        const chosen = root.querySelector(`[name="answer-${question}"]:checked`);
        return chosen?.value === option && !chosen.closest("[hidden]");
      });
      step.hidden = !led;
      for (const input of step.querySelectorAll("input")) input.disabled = !led;
    }
  };
  root.addEventListener("change", follow);
  follow();
}
