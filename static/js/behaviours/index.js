// Finds [data-behaviour="name …"] and gives each element to the module of that name, once.
// Without scripts, or without the module, the page works as it was sent.

const attached = new WeakMap();

async function attach(element, name) {
  const names = attached.get(element) ?? new Set();
  if (names.has(name) || !/^[a-z_]+$/.test(name)) return;
  attached.set(element, names.add(name));
  try {
    const module = await import(`./${name}.js`);
    module.default(element);
  } catch (problem) {
    console.warn(`behaviour ${name}:`, problem);
  }
}

function attachAll(root) {
  const found = [...root.querySelectorAll("[data-behaviour]")];
  if (root.matches?.("[data-behaviour]")) found.push(root);
  for (const element of found) {
    for (const name of element.dataset.behaviour.split(/\s+/).filter(Boolean)) attach(element, name);
  }
}

attachAll(document);
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) attachAll(node);
  }
}).observe(document.body, { childList: true, subtree: true });

// What htmx sends from outside a form carries the token too.
document.addEventListener("htmx:config:request", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) event.detail.ctx.request.headers["X-CSRFToken"] = token;
});
