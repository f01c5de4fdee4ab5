// Back to a page that the browser kept whole: its form shows again what the page beside it answers.

export default function asSent(form) {
  addEventListener("pageshow", (event) => event.persisted && form.reset());
}
