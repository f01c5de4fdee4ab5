// Shows the parts of an element in turn, ten seconds each, by the clock: what is swapped meanwhile
// goes on where it was. Without this script the page comes anew and the server turns it.

const TURN_MS = 10000;

export default function turns(element) {
  const parts = [...element.children];
  if (parts.length < 2) return;
  const show = () => {
    const now = Math.floor(Date.now() / TURN_MS) % parts.length;
    parts.forEach((part, at) => (part.hidden = at !== now));
  };
  show();
  const timer = setInterval(() => (element.isConnected ? show() : clearInterval(timer)), 500);
}
