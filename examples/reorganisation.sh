#!/usr/bin/env bash
# A province through the reorganisations of 2025 and 2026, and nobody is lost.
#   examples/reorganisation.sh BUILD_FOLDER [--brief] [--en]
# The invented province of 31 December 2024 as dangbo_generate writes it, its figures frozen; the three change scripts of
# examples/reorganisation tried and made; trees and totals before and after; the frozen figures computed again; the page
# of 1 July 2025. --brief: the totals and the check of the frozen figures only. Writes only below BUILD_FOLDER/demo.
set -euo pipefail

if (($# < 1)) || [[ $1 == -h || $1 == --help ]]; then
  sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit $(($# < 1 ? 2 : 0))
fi
build=$1
shift
[[ -d $build ]] || build=${build%/src/cli/dangbo}
build=$(cd "$build" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."

brief=no language=vi
for option in "$@"; do
  case $option in
    --brief) brief=yes ;;
    --en) language=en ;;
    *) echo "examples/reorganisation.sh: $option?" >&2 && exit 2 ;;
  esac
done

dangbo() { "$build/src/cli/dangbo" "$@" --lang "$language"; }
say() { if [[ $language == vi ]]; then printf '%s\n' "$1"; else printf '%s\n' "$2"; fi; }
title() { [[ $brief == yes ]] || { printf '\n== ' && say "$@"; }; }
# Shows the command and what it prints, unless in brief.
show() {
  [[ $brief == no ]] || return 0
  local words=$*
  printf '\n$ dangbo %s\n' "${words//"$work/"/}"
  dangbo "$@"
}

work=$build/demo/reorganisation
scripts=examples/reorganisation
rm -rf "$work" && mkdir -p "$work"
book=$work/tinh.dangbo

# ---- The province as it was known on 5 January 2025

title "Sổ cuối năm 2024" "The book at the end of 2024"
"$build/benchmarks/generator/dangbo_generate" body reorganisation "$work/2024-12-31"
dangbo load "$work/2024-12-31" -o "$book" --time 2025-01-05 --source-version 2024-12-31 --quiet
show tree "$book" --on 2024-12-31 --depth 2

# The figures of the year's report: members of every organisation directly below the province, and
# the grades of 2024.
dangbo rollup --on 2024-12-31 --unit T --each children --by sex --show-query >"$work/members.json"
dangbo rollup --on 2024-12-31 --of evaluations --period 2024 --by unit.kind,grade --show-query >"$work/grades.json"
for figures in members grades; do
  dangbo freeze "$work/$figures.json" --data "$book" -o "$work/$figures-2024.json" 2>"$work/said"
  [[ $brief == yes ]] || sed "s|$work/||" "$work/said"
done

# ---- Three reorganisations

# DAY TIME NAME: tried first, then made.
reorganise() {
  title "Sắp xếp ngày $1" "Reorganisation of $1"
  for mode in --dry-run ""; do
    # Every changed value would be a line; what is said at the end is enough here.
    dangbo apply "$scripts/$3.yaml" --to "$book" --time "$2" --source-version "$3" $mode >"$work/$3.changes" 2>"$work/said" ||
      { cat "$work/said" >&2 && return 1; }
    [[ $brief == yes ]] || { printf '\n$ dangbo apply %s/%s.yaml --to %s %s\n' "$scripts" "$3" "${book##*/}" "$mode" && tail -n 1 "$work/said"; }
  done
  show tree "$book" --on "$1" --depth 2
}
reorganise 2025-02-10 2025-02-12 2025-02
reorganise 2025-07-01 2025-07-03 2025-07
reorganise 2026-09-30 2026-10-02 2026-09

title "Cùng một bản sửa không ghi hai lần" "The same script is not made twice"
show apply "$scripts/2025-07.yaml" --to "$book" --time 2025-07-03 --source-version 2025-07

title "Xã thí điểm trước và sau khi sang mô hình ba cấp" "The pilot commune before and after the model of three levels"
show tree "$book" --on 2026-09-29 --unit M05 --depth 2
show tree "$book" --on 2026-09-30 --unit M05 --depth 2

# ---- Nobody is lost

total() { dangbo rollup "$book" --on "$1" --unit T --format csv 2>/dev/null | tail -n 1 | tr -d '\r'; }
printf '\n'
say "Tổng số đảng viên của tỉnh, ngày trước và ngày sắp xếp:" "Members of the province, the day before and the day of it:"
for days in "2025-02-09 2025-02-10" "2025-06-30 2025-07-01" "2026-09-29 2026-09-30"; do
  read -r before after <<<"$days"
  first=$(total "$before") then=$(total "$after")
  printf '  %s %6d    %s %6d\n' "$before" "$first" "$after" "$then"
  [[ $first == "$then" ]] || { say "hai số phải bằng nhau" "the two must be equal" >&2 && exit 1; }
done

printf '\n'
say "Số liệu 2024 đã chốt, tính lại sau ba lần sắp xếp:" "The frozen figures of 2024, computed again after the three:"
for figures in members grades; do
  printf '  %s: ' "$figures"
  dangbo compare "$work/$figures-2024.json" "$book" 2>&1 >"$work/differences" | tail -n 1
done

# ---- The page

if [[ $brief == no ]]; then
  title "Trang báo cáo" "The page"
  show report "$book" --on 2025-07-01 --reorganisation 2025-07-01 --trend 2024-06-01 -o "$work/2025-07.html"
fi

# ---- What units became, last year's figures in this year's units, who came and went: for a dangbo
# that has these commands.

if [[ $brief == no ]] && dangbo lineage --help >/dev/null 2>&1; then
  title "Tổ chức cũ thành gì" "What units became"
  show lineage "$book" X02 --on 2026-12-31
  show lineage "$book" M01
  title "Số liệu 2024 theo cơ cấu mới, cộng lại vẫn bằng" "The figures of 2024 in the new units; their total is the same"
  show rollup "$book" --on 2024-12-31 --structure 2025-07-01 --unit T --each children
fi
if [[ $brief == no ]] && dangbo rollup --help | grep movements >/dev/null; then
  title "Tăng, giảm năm 2025" "Who came and went in 2025"
  show rollup "$book" --of movements --period 2025 --unit T --each children --format csv
fi
