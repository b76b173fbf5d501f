#!/bin/sh
# Writes the tests' fixtures again, with the libraries that scripts/requirements-*.txt pin, in a virtual environment.
#
#   scripts/make-fixtures.sh           all
#   scripts/make-fixtures.sh light     those that need numpy, scipy and tensorboard alone (no torch, no trackers)
set -eu
cd "$(dirname "$0")/.."
environment=.build/fixtures
python=$environment/bin/python

install() {
  [ -x "$python" ] || python3 -m venv "$environment"
  "$python" -m pip install --quiet --requirement "scripts/requirements-$1.txt"
}
make_all() {
  for name; do
    echo "== $name"
    "$python" "scripts/make-$name.py"
  done
}

install light
make_all event-truths plugin-truths media-fixtures value-truths statistics-truths sweep-truths trend-truths forecast-truths attacks
"$python" scripts/make-number-truths.py >Tests/Fixtures/report/rounding.tsv
[ "${1:-}" = light ] && exit

install torch
export DS_ACCELERATOR=cpu CUDA_VISIBLE_DEVICES=
make_all adapter-truths merge-truths torch-fixtures fsdp-fixtures parameter-orders deepspeed-fixtures megatron-fixtures \
  mcore-fixtures optimizer-fixtures quantised-fixtures tracker-fixtures \
  layout-fixtures hparams-fixtures embedding-fixtures
