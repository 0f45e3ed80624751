#!/usr/bin/env bash
# The demo: real answers on the project's own examples, and an overlay to look at.
set -euo pipefail
cd "$(dirname "$0")/.."
air=.venv/bin/air
run() {
  local word shown=
  for word; do
    case $word in *[!A-Za-z0-9_./=-]*) shown+=" \"$word\"" ;; *) shown+=" $word" ;; esac
  done
  printf '\n\033[1m$ air%s\033[0m\n' "$shown"
  "$air" "$@"
}

"$air" doctor || { echo "demo: mend what the doctor says first" >&2; exit 4; }
[ -f examples/revenue.png ] || .venv/bin/python examples/make_examples.py
mkdir -p demo
run ask examples/revenue.png "growth rate?" --out demo/revenue
run ask examples/subscribers.png "Which region had the most subscribers in Q4 23?"
run figures examples/report.pdf
run ask examples/report.pdf "By how much did net sales of Cloud grow from 2022 to 2023?"
run ask examples/report.pdf "What share of the energy mix is Wind?"
run ask examples/report.pdf "What was the operating income in 2023?"
run read examples/subscribers.png --overlay demo/subscribers-overlay.png
run verify demo/revenue
printf '\nThe overlay, to see whether to trust the reading: %s\n' "$PWD/demo/subscribers-overlay.png"
printf 'The run directory, with trace.json and answer.py:  %s\n' "$PWD/demo/revenue"
