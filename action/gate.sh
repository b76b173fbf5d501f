#!/bin/bash
# Runs `ftreport gate` in a pipeline and leaves everything that CI reads.
#
#   GATE_RUN        the run                                   GATE_CONFIG    the configuration (ftreport.yml)
#   GATE_BASELINE   runs or a golden file, one a line         GATE_STRICT    true: inconclusive fails
#   GATE_SELF_TEST  true: prove first that the gates fire     GATE_OUTPUT    the folder for the files (ftreport-gate)
#   GATE_REPORT     true: write the comparison with the baseline too, with its pictures
#   FTREPORT        the command; else the one on PATH, else the release that install.sh fetches
#
# The exit status is that of the gate.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
output=${GATE_OUTPUT:-ftreport-gate}
config=${GATE_CONFIG:-ftreport.yml}

if [ -z "${GATE_RUN:-}" ]; then
  echo "gate.sh: GATE_RUN is empty: name the run" >&2
  exit 2
fi

command=${FTREPORT:-}
[ -n "$command" ] || command=$(command -v ftreport || true)
[ -n "$command" ] || command=$("$here/action/install.sh") || exit 2

arguments=("$GATE_RUN" --config "$config")
while IFS= read -r line; do
  [ -z "$line" ] || arguments+=(--baseline "$line")
done <<<"${GATE_BASELINE:-}"

if [ "${GATE_SELF_TEST:-false}" = true ]; then
  "$command" gate "${arguments[@]}" --self-test || exit $?
fi
[ "${GATE_STRICT:-false}" = true ] && arguments+=(--strict)

mkdir -p "$output" && rm -f "$output"/gate.md "$output"/gate-*.svg "$output"/comment.md "$output"/gate.sarif "$output"/gate.xml "$output"/gate.json "$output"/metrics.txt || exit 2
"$command" gate "${arguments[@]}" --markdown "$output/gate.md" \
  --comment "$output/comment.md" --sarif "$output/gate.sarif" --junit "$output/gate.xml" \
  --json "$output/gate.json" --openmetrics "$output/metrics.txt"
status=$?

if [ "${GATE_REPORT:-false}" = true ]; then
  baseline=$(sed '/^$/d' <<<"${GATE_BASELINE:-}" | head -n 1)
  # A golden file has no curves to lay over those of the run: then the run's own report.
  if [ -n "$baseline" ] && [ ! -f "$baseline" ]; then
    "$command" compare "$baseline" "$GATE_RUN" -o "$output" >/dev/null || echo "gate.sh: no comparison was written" >&2
  else
    "$command" report "$GATE_RUN" -o "$output" --quiet || echo "gate.sh: no report was written" >&2
  fi
fi

if [ -n "${GITHUB_OUTPUT:-}" ]; then
  verdict=$(sed -n 's/^  "verdict": "\([a-z]*\)",$/\1/p' "$output/gate.json" 2>/dev/null | head -n 1)
  {
    echo "verdict=${verdict:-error}"
    echo "exit-code=$status"
    [ ! -f "$output/comment.md" ] || echo "comment-file=$output/comment.md"
    [ ! -f "$output/gate.sarif" ] || echo "sarif-file=$output/gate.sarif"
  } >>"$GITHUB_OUTPUT"
fi
exit "$status"
