// The first and smallest script of a calling page: the form comes after it, so no report is pressed
// before it is there. Without a connection a browser puts its own error page in the form's place;
// until the outbox (behaviours/unsent.js) has come, which may be never, a report stays on the page
// instead and goes, as a form, once the site answers. Nothing is kept in the browser. Without
// scripts, or without this one, the form goes off as it always did.
(() => {
  const REPORT = 'form[action$="/outcome"]';
  const PATIENCE_MS = 8000;
  const AGAIN_MS = 5000;
  const here = document.currentScript.src;
  let pressed;
  let asking = false;
  let goes = false;

  if (!("requestSubmit" in HTMLFormElement.prototype)) return;

  const answers = () =>
    Promise.race([
      fetch(here, { method: "HEAD", cache: "no-store" }).then((answer) => answer.ok),
      new Promise((late) => setTimeout(late, PATIENCE_MS, false)),
    ]).catch(() => false);

  async function go() {
    if (!pressed?.form.isConnected || asking) return;
    asking = true;
    const well = navigator.onLine && (await answers());
    asking = false;
    const { form, button } = pressed;
    if (!well) return say(form);
    pressed = undefined;
    goes = true;
    form.requestSubmit(button);
    goes = false;
  }

  function say(form) {
    const words = form.querySelector("[data-not-sent]");
    if (!words?.hidden) return;
    words.hidden = false;
    words.scrollIntoView({ block: "center" });
  }

  // Heard last of all, so that whatever the outbox takes is left to it.
  addEventListener("submit", (event) => {
    if (goes || event.defaultPrevented || !event.target.matches(REPORT)) return;
    event.preventDefault();
    pressed = { form: event.target, button: event.submitter };
    go();
  });
  addEventListener("beforeunload", (event) => pressed?.form.isConnected && event.preventDefault());
  addEventListener("online", go);
  setInterval(go, AGAIN_MS);
})();
