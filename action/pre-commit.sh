#!/bin/bash
# Runs ftreport for pre-commit: the command named by FTREPORT, the one on PATH, or the release that install.sh fetches.
set -uo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
command=${FTREPORT:-$(command -v ftreport || "$here/install.sh")} || exit 2
exec "$command" "$@"
