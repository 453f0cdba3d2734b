#!/usr/bin/env bash
# Makes the data, runs the benchmarks beside their peers, compares the answers, prints the ratios and writes
# docs/benchmarks.md and docs/benchmarks/plans.txt.
#   benchmarks/run.sh BUILD_FOLDER [s1|s2|s3|all]
# s1, s2: minutes, printed only. s3: the nation. all (the default): everything, and the documents are written.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd "$1" && pwd)
what=${2:-all}
data="$build/data"
bench="$build/benchmarks"
mkdir -p "$data"
results=()
notes=()
export DANGBO_BENCH_PLANS="$build/plans.txt"
rm -f "$DANGBO_BENCH_PLANS"

# data SCALE: the folder of a scale is made once.
data() {
  [[ -e "$data/$1.done" ]] && return
  echo "benchmarks: making $1" >&2
  rm -rf "${data:?}/$1"
  case $1 in
    s1) "$bench/generator/dangbo_generate" province "$data/s1" --members 6000 --seed 1 ;;
    s2) "$bench/generator/dangbo_generate" province "$data/s2" --members 60000 --seed 1 ;;
    s3) "$bench/generator/dangbo_generate" nation "$data/s3" ;;
  esac
  touch "$data/$1.done"
}

# bench NAME LIMIT PROGRAM ARGUMENTS…: one program, at most LIMIT seconds.
bench() {
  local name=$1 limit=$2 program=$3
  shift 3
  echo "benchmarks: $name" >&2
  if timeout "$limit" "$bench/$program" "$@" --benchmark_out="$build/$name.json" --benchmark_out_format=json >&2; then
    results+=("$build/$name.json")
  else
    notes+=(--note "$name: ended with an error or after $limit s, not measured")
    echo "benchmarks: $name failed" >&2
    failed=1
  fi
}
failed=0

# DuckDB comes from PyPI into the build folder; where it cannot be had its rows are not measured.
duckdb_python() {
  local venv="$build/peers"
  if [[ ! -x "$venv/bin/python" ]] || ! "$venv/bin/python" -c 'import duckdb' 2>/dev/null; then
    python3 -m venv "$venv" >&2 && "$venv/bin/pip" install -q 'duckdb>=1.1,<3' >&2 || return 1
  fi
  echo "$venv/bin/python"
}

figures() {
  local scale=$1 seconds=$2 python
  data "$scale"
  # Plans are of the largest scale: a planner answers to sizes.
  rm -f "$DANGBO_BENCH_PLANS"
  DANGBO_BENCH_ANSWERS="$build/answers_$scale.csv" \
    bench "totals_bench_$scale" 1200 totals_bench "$data/$scale" --benchmark_min_time="$seconds"
  bench "capi_bench_$scale" 600 capi_bench "$data/$scale" --benchmark_min_time="$seconds"
  bench "registry_bench_$scale" 600 registry_bench "$data/$scale" --benchmark_min_time="$seconds"
  rm -f "$build/duckdb_$scale.json"
  if python=$(duckdb_python); then
    if timeout 900 "$python" "$root/benchmarks/duckdb_peer.py" "$data/$scale" "$build/answers_$scale.csv" \
      "$build/duckdb_$scale.json" "$DANGBO_BENCH_PLANS"; then
      results+=("$build/duckdb_$scale.json")
    else
      failed=1
    fi
  else
    notes+=(--note "DuckDB could not be had: its rows are not measured")
  fi
}

expressions() {
  local python
  mkdir -p "$data/expr"
  bench expr_bench 300 expr_bench "$data/expr"
  rm -f "$build/expr_peers.json"
  if python=$(duckdb_python) && { "$python" -c 'import celpy' 2>/dev/null || "$build/peers/bin/pip" install -q cel-python >&2; } &&
    timeout 600 "$python" "$root/benchmarks/expr_peers.py" "$data/expr" "$build/expr_peers.json" >&2; then
    results+=("$build/expr_peers.json")
  else
    notes+=(--note "cel-python or DuckDB could not be had: expressions are compared with SQLite only")
  fi
}

rules() {
  local python
  mkdir -p "$data/rules"
  bench rules_bench 900 rules_bench "$data/s3" "$data/rules"
  rm -f "$build/rules_peers.json"
  if python=$(duckdb_python) && { "$python" -c 'import celpy' 2>/dev/null || "$build/peers/bin/pip" install -q cel-python >&2; } &&
    timeout 600 "$python" "$root/benchmarks/rules_peers.py" "$data/rules" "$build/rules_peers.json" >&2; then
    results+=("$build/rules_peers.json")
  else
    notes+=(--note "cel-python could not be had: rules are compared with the loop written by hand only")
  fi
}

case $what in
  s1 | s2) figures "$what" 0.05 ;;
  s3) figures s3 0.2 ;;
  all)
    figures s1 0.05
    figures s2 0.05
    figures s3 0.2
    bench load_bench 900 load_bench "$build/src/cli/dangbo" "$root/examples/khoi_2020" "$data/s2" "$data/s3"
    bench page_bench 300 page_bench "$root/examples/khoi_2020" "$data/s2"
    bench file_bench 900 file_bench "$build/file_bench" "$data/s2" "$data/s3"
    bench movements_bench 600 movements_bench "$data/s2" "$data/s3"
    expressions
    rules
    ;;
  *)
    echo "benchmarks: no scale \"$what\"; there are: s1 s2 s3 all" >&2
    exit 2
    ;;
esac
write=()
if [[ $what == all ]]; then
  mkdir -p "$root/docs/benchmarks"
  cp "$DANGBO_BENCH_PLANS" "$root/docs/benchmarks/plans.txt"
  write=(--write "$root/docs/benchmarks.md")
fi
cd "$root"
python3 "$root/benchmarks/report.py" ${write[@]+"${write[@]}"} ${notes[@]+"${notes[@]}"} "${results[@]}"
exit "$failed"
