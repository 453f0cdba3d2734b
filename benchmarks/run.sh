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
python3 "$root/benchmarks/report.py" "$build"/{load,page,file,movements}_bench.json "${results[@]}"
