// What a caller typed may be a name or a number, so it waits in this browser sealed. The key comes
// with the page, or from the site for the same caller's same call, and is stored nowhere here:
// without signing in as that caller nobody can open it. Written in letters alone.

const NONCE = 12;

const letters = (bytes) => [...bytes].map((one) => String.fromCharCode(97 + (one >> 4), 97 + (one & 15))).join("");

function bytes(text) {
  const half = (at) => text.charCodeAt(at) - 97;
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => half(2 * at) * 16 + half(2 * at + 1));
}

function keyOf(seal) {
  const plain = atob(seal.replaceAll("-", "+").replaceAll("_", "/"));
  const raw = Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

// "" where there is nothing to seal; undefined where this browser cannot, and it waits in the page.
export async function seal(fields, key) {
  if (!fields.length) return "";
  if (!globalThis.crypto?.subtle || !key) return undefined;
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  const plain = new TextEncoder().encode(JSON.stringify(fields));
  const made = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, await keyOf(key), plain);
  return letters(nonce) + letters(new Uint8Array(made));
}

export async function open(sealed, key) {
  if (!sealed) return [];
  const all = bytes(sealed);
  const given = { name: "AES-GCM", iv: all.slice(0, NONCE) };
  const plain = await crypto.subtle.decrypt(given, await keyOf(key), all.slice(NONCE));
  return JSON.parse(new TextDecoder().decode(plain));
}
