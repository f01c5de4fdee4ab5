// Keeps a clock going that the server wrote: "12:05", down to "0:00" and no further.

export default function countdown(element) {
  const ends = performance.now() + Number(element.dataset.left) * 1000;
  const write = () => {
    const left = Math.max(0, Math.round((ends - performance.now()) / 1000));
    element.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    return left > 0 && element.isConnected;
  };
  if (!write()) return;
  const timer = setInterval(() => write() || clearInterval(timer), 1000);
}
