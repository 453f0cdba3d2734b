#!/usr/bin/env bash
# header_test.sh <include folder> <work folder> <first body> <second body> <compiler> [flag …]
# Compiles the header in two bodies and joins them. Exit 77: this compiler is not here.
set -euo pipefail

include=$1 work=$2 first=$3 second=$4 compiler=$5
shift 5

if ! command -v "$compiler" >/dev/null; then
  echo "$compiler is not installed"
  exit 77
fi
mkdir -p "$work"
"$compiler" "$@" -I "$include" -c "$first" -o "$work/first.o"
"$compiler" "$@" -I "$include" -c "$second" -o "$work/second.o"
# A definition in the header would stand in both bodies.
"$compiler" -r -nostdlib "$work/first.o" "$work/second.o" -o "$work/both.o"
