// Tells the page around it how tall it is, so that a site may give it the room. Nothing else.

export default function embedHeight(element) {
  if (window.parent === window) return;
  const tell = () => {
    const height = Math.ceil(element.getBoundingClientRect().height);
    window.parent.postMessage({ type: "height", height }, "*");
  };
  new ResizeObserver(tell).observe(element);
  tell();
}
