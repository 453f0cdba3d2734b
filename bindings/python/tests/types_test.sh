#!/usr/bin/env bash
# types_test.sh <python> <cache folder>: the package and its tests under mypy --strict, and the stub of the extension
# against the extension.
set -euo pipefail
python=$1 cache=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# stubtest takes its cache from the environment only.
export MYPY_CACHE_DIR=$cache
options=(--config-file "$root/pyproject.toml")
"$python" -m mypy --strict "${options[@]}" -p dangbo
"$python" -m mypy --strict "${options[@]}" "$root"/tests/*.py
"$python" -m mypy.stubtest dangbo._core --mypy-config-file "$root/pyproject.toml" \
  --allowlist "$root/tests/stubtest_allowed.txt"
