#!/usr/bin/env bash
# abi_diff.sh diff <baseline> <library> <include folder>    is the library still the one of the baseline?
# abi_diff.sh write <baseline> <library> <include folder>   make it the baseline, after a change that was meant
# abi_diff.sh self <compiler> <work folder>                 are planted changes seen?
# Exit 4: it grew, 8: it broke, 77: abigail is not here.
set -euo pipefail

for tool in abidw abidiff; do
  if ! command -v "$tool" >/dev/null; then
    echo "$tool is not installed (Debian: abigail-tools)"
    exit 77
  fi
done

# Nothing of the machine, and only what the header shows: the same library gives the same file.
describe() { # <library> <include folder> <file>
  abidw --exported-interfaces-only --headers-dir "$2" --drop-private-types --no-corpus-path \
    --no-comp-dir-path --no-show-locs --no-elf-needed --type-id-style hash --out-file "$3" "$1"
}

# Both sides are descriptions made the same way, so that what is private counts in neither.
compare() { # <baseline> <description>
  local bits=0
  abidiff "$1" "$2" || bits=$?
  if ((bits & 3)); then
    echo "abidiff could not compare"
    return 1
  elif ((bits & 8)); then
    echo "programs compiled before would break: take it back, or raise DANGBO_ABI_MAJOR and the SONAME"
    return 8
  elif ((bits & 4)); then
    echo "the ABI grew: raise DANGBO_ABI_MINOR, build target abi_baseline and have the new baseline reviewed"
    return 4
  fi
}

expect() { # <result wanted> <baseline> <description>
  local got=0
  compare "$2" "$3" || got=$?
  if ((got != $1)); then
    echo "answered $got where $1 is right"
    exit 1
  fi
}

case $1 in
  write) describe "$3" "$4" "$2" ;;
  diff)
    now=$(mktemp)
    trap 'rm -f "$now"' EXIT
    describe "$3" "$4" "$now"
    compare "$2" "$now"
    ;;
  self)
    work=$3
    mkdir -p "$work"
    make() { # <name> <source>
      printf '%s\n' "$2" >"$work/sample.h"
      sed 's/;$/ { return 0; }/' "$work/sample.h" >"$work/$1.c"
      "$compiler" -g -shared -fPIC -I "$work" "$work/$1.c" -o "$work/$1.so"
      describe "$work/$1.so" "$work" "$work/$1.abi"
    }
    compiler=$2
    make base $'int sample_a(int x);\nint sample_b(long y);'
    make same $'int sample_a(int x);\nint sample_b(long y);'
    make grown $'int sample_a(int x);\nint sample_b(long y);\nint sample_c(int z);'
    make shrunk $'int sample_a(int x);'
    expect 0 "$work/base.abi" "$work/same.abi"
    expect 4 "$work/base.abi" "$work/grown.abi"
    expect 8 "$work/base.abi" "$work/shrunk.abi"
    ;;
  *)
    echo "no mode \"$1\""
    exit 2
    ;;
esac
