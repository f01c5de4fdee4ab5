// Says a moment on the reader's own clock, " (your 19:00)", where that is not the clock it was said on.
// data-at is the moment, data-zone the zone of the words before it. Without scripts nothing is said.

export default function ownTime(element) {
  const moment = new Date(element.dataset.at);
  const there = said(moment, element.dataset.zone);
  const here = said(moment);
  if (here.day === there.day && here.time === there.time) return;
  const day = here.day === there.day ? "" : `${here.day} `;
  element.textContent = ` (your ${day}${here.time})`;
  element.hidden = false;
}

function said(moment, timeZone) {
  const words = (options) => new Intl.DateTimeFormat("en-GB", { timeZone, ...options }).format(moment);
  return {
    day: words({ weekday: "short", day: "numeric", month: "short" }).replace(",", ""),
    time: words({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  };
}
