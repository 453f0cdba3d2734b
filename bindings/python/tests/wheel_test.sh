#!/usr/bin/env bash
# wheel_test.sh <python> <source folder> <work folder> <build folder>
# Builds the wheel in one environment, installs it in a second that has nothing else, and uses it there from a folder
# that knows nothing of the sources. Exit 77: skipped, the package registry cannot be reached.
set -euo pipefail
python=$1 source=$2 work=$3 build=$4
unset PYTHONPATH

mkdir -p "$work"
pip=(--disable-pip-version-check --no-input -q)

# Kept between runs, so that only what changed is built again.
if ! "$work/builder/bin/python" -c 'import scikit_build_core, pybind11' 2>/dev/null; then
  rm -rf "$work/builder" "$build"
  "$python" -m venv "$work/builder"
  if ! "$work/builder/bin/pip" "${pip[@]}" --timeout 20 --retries 1 install 'scikit-build-core>=0.10,<2' 'pybind11>=2.10,<4' \
    2>"$work/pip.log"; then
    cat "$work/pip.log"
    rm -rf "$work/builder"
    echo "skipped: scikit-build-core and pybind11 could not be fetched from the package registry"
    exit 77
  fi
fi

rm -rf "$work/wheels" "$work/clean" "$work/elsewhere"
# The build folder lies as deep as that of preset release and has its flags and compiler: ccache has most objects.
CMAKE_CXX_COMPILER_LAUNCHER=$(command -v ccache || true)
export CC=gcc CXX=g++ CMAKE_CXX_COMPILER_LAUNCHER CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=$source
PATH=$work/builder/bin:$PATH "$work/builder/bin/pip" "${pip[@]}" wheel --no-build-isolation --no-deps \
  --config-settings=build-dir="$build" --wheel-dir "$work/wheels" "$source/bindings/python"
wheel=$(echo "$work"/wheels/dangbo-*.whl)
[[ -f $wheel ]]

"$python" -m venv "$work/clean"
"$work/clean/bin/pip" "${pip[@]}" install --no-index --no-deps "$wheel"
mkdir "$work/elsewhere"
cp -r "$source/examples" "$work/elsewhere/examples"
cd "$work/elsewhere"
library=$("$work/clean/bin/python" -c 'import dangbo, os; print(os.path.dirname(dangbo.__file__))')/libdangbo.so.1
[[ -f $library ]]
if ldd "$library" | grep 'not found'; then
  echo "the wheel's library lacks the libraries above"
  exit 1
fi

# The example of the README, as it is printed there.
"$work/clean/bin/python" -I "$source/bindings/python/tests/readme_example.py" "$source/bindings/python/README.md" .

# A foreign reader and writer of Arrow streams, where it can be had.
if "$work/clean/bin/pip" "${pip[@]}" --timeout 20 --retries 1 install pyarrow 2>"$work/pip.log"; then
  "$work/clean/bin/python" -I "$source/bindings/python/tests/arrow_foreign.py"
else
  cat "$work/pip.log"
  echo "not done: pyarrow could not be fetched, so no foreign library read our Arrow streams"
fi
echo "wheel: $(basename "$wheel")"
