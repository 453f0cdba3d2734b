#!/usr/bin/env bash
# Makes the data, runs the benchmarks beside their peers and prints the table.
#   benchmarks/run.sh BUILD_FOLDER [--no-nation]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd "$1" && pwd)
data="$build/data"
mkdir -p "$data"
generate="$build/benchmarks/generator/dangbo_generate"

make_data() {
  local name=$1
  shift
  [[ -e "$data/$name.done" ]] && return
  echo "benchmarks: making $name" >&2
  rm -rf "${data:?}/$name"
  "$generate" "$@"
  touch "$data/$name.done"
}

make_data province province "$data/province" --members 100000 --seed 1
folders=("$data/province")
if [[ ${2:-} != --no-nation ]]; then
  make_data nation nation "$data/nation"
  folders+=("$data/nation")
fi
"$build/benchmarks/load_bench" "$build/src/cli/dangbo" "$root/examples/khoi_2020" "${folders[@]}" \
  --benchmark_out="$build/load_bench.json" --benchmark_out_format=json >&2
"$build/benchmarks/page_bench" "$root/examples/khoi_2020" "$data/province" \
  --benchmark_out="$build/page_bench.json" --benchmark_out_format=json >&2
mkdir -p "$data/expr"
"$build/benchmarks/expr_bench" "$data/expr" \
  --benchmark_out="$build/expr_bench.json" --benchmark_out_format=json >&2
# Peers from PyPI, in an environment of their own; without them the rest runs all the same.
peers="$build/peers"
if [[ ! -x $peers/bin/python ]]; then python3 -m venv "$peers" || true; fi
if ! "$peers/bin/python" -c 'import celpy, duckdb' 2>/dev/null; then
  timeout 300 "$peers/bin/pip" install --quiet cel-python duckdb >&2 ||
    echo "benchmarks: cel-python and duckdb cannot be had from PyPI here" >&2
fi
if [[ -x $peers/bin/python ]]; then
  "$peers/bin/python" "$root/benchmarks/expr_peers.py" "$data/expr" "$build/expr_peers.json" >&2
else
  echo "benchmarks: no virtual environment here: expressions are compared with SQLite only" >&2
  echo '{"benchmarks": []}' > "$build/expr_peers.json"
fi
results=()
for folder in "${folders[@]}"; do
  results+=("$build/registry_bench_${folder##*/}.json")
  "$build/benchmarks/registry_bench" "$folder" \
    --benchmark_out="${results[-1]}" --benchmark_out_format=json >&2
done
"$build/benchmarks/file_bench" "$build/file_bench" "${folders[@]}" \
  --benchmark_out="$build/file_bench.json" --benchmark_out_format=json >&2
"$build/benchmarks/movements_bench" "${folders[@]}" \
  --benchmark_out="$build/movements_bench.json" --benchmark_out_format=json >&2
for folder in "${folders[@]}"; do
  results+=("$build/totals_bench_${folder##*/}.json")
  "$build/benchmarks/totals_bench" "$folder" \
    --benchmark_out="${results[-1]}" --benchmark_out_format=json >&2
done
python3 "$root/benchmarks/report.py" "$build"/{load,page,file,movements,expr}_bench.json \
  "$build/expr_peers.json" "${results[@]}"
