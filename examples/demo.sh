#!/usr/bin/env bash
# What dangbo does, on invented bodies that have the totals of published articles.
#   examples/demo.sh BUILD_FOLDER [--en]
# The figures of the articles beside those computed, the dangbo command on examples/khoi_2020, a province through its
# reorganisations, and a page. Writes only below BUILD_FOLDER/demo.
set -euo pipefail

if (($# < 1)) || [[ $1 == -h || $1 == --help ]]; then
  sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit $(($# < 1 ? 2 : 0))
fi
# The folder of the build, or the dangbo command in it.
build=$1
shift
[[ -d $build ]] || build=${build%/src/cli/dangbo}
build=$(cd "$build" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bodies=$build/demo
mkdir -p "$bodies"
for body in 000 001 004; do
  "$build/benchmarks/generator/dangbo_generate" body "$body" "$bodies/$body"
done

"$build/examples/dangbo_published_figures" "$@" examples/published/figures.csv \
  "000=$bodies/000" "001=$bodies/001" "003=examples/khoi_2020" "004=$bodies/004"

show() {
  printf '\n$ dangbo %s\n' "$*"
  "$build/src/cli/dangbo" "$@"
}
show tree examples/khoi_2020 --on 2020-11-30 --unit K02
show rollup examples/khoi_2020 --on 2020-11-30 --by sex

# A province through the reorganisations of 2025 and 2026; without --brief it tells the whole story.
printf '\n$ examples/reorganisation.sh %s\n' "${build#"$PWD/"}"
examples/reorganisation.sh "$build" --brief "$@"

# The page to look at; where it is stands on the last line.
language=vi words="Mở bằng trình duyệt"
[[ " $* " != *" --en "* ]] || language=en words="Open in a browser"
page=$bodies/khoi_2020.html
show report examples/khoi_2020 --on 2020-11-30 --trend 2018-12-01 --reorganisation 2020-07-01 \
  --published examples/published/figures.csv --body 003 --lang "$language" -o "$page"
printf '\n%s: %s\n' "$words" "$page"
