// A code for the phone's camera lasts five minutes: a new one is fetched before, and when somebody
// comes back to the page.

const EVERY = 4 * 60000;

export default function phoneCode(picture) {
  const address = picture.src;
  let fetched = Date.now();
  const renew = () => {
    if (!picture.isConnected) return clearInterval(timer);
    if (document.visibilityState !== "visible" || Date.now() - fetched < EVERY) return;
    fetched = Date.now();
    picture.src = `${address}?at=${fetched}`;
  };
  const timer = setInterval(renew, 15000);
  document.addEventListener("visibilitychange", renew);
}
