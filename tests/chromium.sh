#!/usr/bin/env bash
# The journeys need a Chromium. As root, or where a CI runs, apt brings it; elsewhere we only say
# how, since nobody likes a test that installs things on their machine.
set -eu
if command -v chromium >/dev/null || command -v chromium-browser >/dev/null; then exit 0; fi
if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || [ -n "${CI:-}" ]; }; then
  sudo=""; [ "$(id -u)" = 0 ] || sudo="sudo"
  echo "Installing Chromium…"
  $sudo apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq chromium >/dev/null
  exit 0
fi
echo "The walks in a real browser need Chromium. Install it with this one line:" >&2
echo "    sudo apt-get install -y chromium" >&2
exit 1
