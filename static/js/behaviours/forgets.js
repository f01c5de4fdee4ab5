// When the minutes of this page are over it fetches itself anew, and the number is gone.

export default function forgets(element) {
  const ends = Date.now() + Number(element.dataset.left) * 1000;
  const look = () => {
    if (!element.isConnected) return clearInterval(timer);
    if (Date.now() < ends) return;
    clearInterval(timer);
    location.replace(location.href);
  };
  const timer = setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
}
