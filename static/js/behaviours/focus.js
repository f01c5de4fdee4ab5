// Moves focus to what needs reading first, such as the list of things to mend.

export default function focus(element) {
  element.focus({ preventScroll: false });
}
