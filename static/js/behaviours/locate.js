// Searches around where the browser says it is, rounded to about a kilometre before anybody hears
// of it; nothing is kept.

const WORDS = {
  1: "Your browser keeps your place to itself. Type a postcode instead.",
  2: "Your browser does not know where it is. Type a postcode instead.",
  3: "That took too long. Type a postcode instead.",
};

export default function locate(holder) {
  if (!navigator.geolocation) return;
  holder.hidden = false;
  const button = holder.querySelector("button");
  const said = holder.querySelector("[role=status]");
  button.addEventListener("click", () => {
    said.textContent = "Looking …";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const near = [coords.latitude, coords.longitude].map((degrees) => degrees.toFixed(2)).join(",");
        location.assign(`${holder.dataset.action}?near=${near}`);
      },
      ({ code }) => (said.textContent = WORDS[code] ?? WORDS[2]),
      { maximumAge: 600000, timeout: 10000 },
    );
  });
}
