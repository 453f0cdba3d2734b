#!/usr/bin/env bash
# build_and_run.sh <kind> <cmake> <our build folder> <stage> [<project folder, or file> <version> [component]]
# Builds one consumer in a fresh folder and compares what it prints.
set -euo pipefail

kind=$1 cmake=$2 build=$3 stage=$4 project=${5:-} version=${6:-} component=${7:-}
work=$build/consumers/$kind${component:+_$component}

if [[ $kind == stage ]]; then
  rm -rf "$stage" "$stage.first"
  # Installed somewhere and then moved: nothing in the package may remember where it was made.
  "$cmake" --install "$build" --prefix "$stage.first" >/dev/null
  mv "$stage.first" "$stage"
  find "$stage" -name 'dangbo*.cmake' -o -name 'dangbo.pc' -o -name 'dangbo.h' -o -name 'libdangbo.so*' | sort
  # A path of the machine that built it would break the package on every other.
  if grep -rlF -e "$build" -e "$stage" --include='*.cmake' --include='*.pc' --include='*.h*' "$stage"; then
    echo "the files above name folders of this machine"
    exit 1
  fi
  exit 0
fi

rm -rf "$work"
mkdir -p "$work"
library_folder=$(dirname "$(find "$stage" -name dangbo.pc)")/..
export LD_LIBRARY_PATH=$library_folder

expect() {
  local got
  got=$("$1")
  echo "$1: $got"
  [[ $got == "$2" ]] || {
    echo "expected: $2"
    exit 1
  }
}

case $kind in
  find_package)
    options=(-S "$project" -B "$work" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$stage")
    options+=(-DCONSUMER_COMPONENT="$component" -DCONSUMER_VERSION="$version")
    if [[ $component == c ]]; then
      # A user of the C library has neither Boost nor Abseil: any search for them is an error here.
      # CMake would warn that none of these is ever looked for, which is the point.
      options+=(--no-warn-unused-cli)
      for package in Boost absl OpenSSL nlohmann_json PkgConfig; do
        options+=("-DCMAKE_DISABLE_FIND_PACKAGE_$package=ON")
      done
    fi
    "$cmake" "${options[@]}"
    "$cmake" --build "$work"
    if [[ $component == c ]]; then
      expect "$work/consumer" "$version"
    else
      expect "$work/consumer" "2024-02-29"
    fi
    # Another major version must be refused.
    if "$cmake" -S "$project" -B "$work/refused" -G Ninja -DCMAKE_PREFIX_PATH="$stage" \
      -DCONSUMER_COMPONENT="$component" -DCONSUMER_VERSION=$((${version%%.*} + 1)).0 >"$work/refused.log" 2>&1; then
      echo "the package accepted a request for another major version"
      exit 1
    fi
    grep -q "not accepted" "$work/refused.log"
    ;;
  pkg_config)
    PKG_CONFIG_PATH=$(dirname "$(find "$stage" -name dangbo.pc)")
    export PKG_CONFIG_PATH
    [[ $(pkg-config --modversion dangbo) == "$version" ]]
    read -ra flags <<<"$(pkg-config --cflags --libs dangbo)"
    # The plain compiler and the system linker, C99, no help from CMake.
    gcc -std=c99 -pedantic-errors -Wall -Wextra -Werror "$project" -o "$work/consumer" "${flags[@]}"
    expect "$work/consumer" "$version"
    ;;
  add_subdirectory)
    "$cmake" -S "$project" -B "$work" -G Ninja -DCMAKE_BUILD_TYPE=Release \
      -DDANGBO_SOURCE="$(cd "$project/../../.." && pwd)" \
      -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache
    "$cmake" --build "$work" --target consumer
    expect "$work/consumer" "2024-02-29"
    ;;
  *)
    echo "no consumer \"$kind\""
    exit 2
    ;;
esac
