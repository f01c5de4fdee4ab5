// Fetches the page anew every data-seconds while it is looked at, for something others decide.

export default function reload(element) {
  const timer = setInterval(() => {
    if (!element.isConnected) return clearInterval(timer);
    if (document.visibilityState === "visible") location.reload();
  }, 1000 * Number(element.dataset.seconds ?? 10));
}
