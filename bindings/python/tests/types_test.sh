#!/usr/bin/env bash
# types_test.sh <python> <cache folder>: the package and its tests under mypy --strict, and the stub of the extension
# against the extension.
set -euo pipefail
python=$1 cache=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

options=(--config-file "$root/pyproject.toml" --cache-dir "$cache")
"$python" -m mypy --strict "${options[@]}" -p dangbo
"$python" -m mypy --strict "${options[@]}" "$root"/tests/*.py
"$python" -m mypy.stubtest dangbo --mypy-config-file "$root/pyproject.toml"
