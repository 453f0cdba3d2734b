#!/usr/bin/env bash
# types_test.sh <python> <cache folder>: the package and its tests under mypy --strict, and the stub of the extension
# against the extension.
set -euo pipefail
python=$1 cache=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# stubtest can be told its cache by a configuration file only.
mkdir -p "$cache"
printf '[mypy]\nstrict = true\ncache_dir = %s\n' "$cache" >"$cache/stubtest.ini"
options=(--config-file "$root/pyproject.toml" --cache-dir "$cache")
"$python" -m mypy --strict "${options[@]}" -p dangbo
"$python" -m mypy --strict "${options[@]}" "$root"/tests/*.py
"$python" -m mypy.stubtest dangbo._core --mypy-config-file "$cache/stubtest.ini" \
  --allowlist "$root/tests/stubtest_allowed.txt"
