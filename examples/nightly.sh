#!/usr/bin/env bash
# Keeps a registry file in step with the nightly extracts of a roster.
#   examples/nightly.sh DANGBO EXTRACTS FILE.dangbo
# EXTRACTS holds one folder a day, named after it (2024-03-01, 2024-03-02, …). Stopped at any point, kill -9 included, it is
# simply run again: each night is one commit, and a night sent twice changes nothing.
set -euo pipefail

if (($# != 3)); then
  sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit 2
fi
dangbo=$1 extracts=$2 file=$3

# The day up to which the file is right; empty when there is none yet.
last=
if [[ -s $file ]]; then
  last=$("$dangbo" log "$file" --format csv | tail -n +2 | tail -n 1 | cut -d, -f4)
fi
for folder in "$extracts"/*/; do
  day=$(basename "$folder")
  if [[ $day < $last ]]; then continue; fi
  "$dangbo" sync "$folder" --to "$file" --on "$day" --source-version "roster $day" --time "${day}T23:00" --format csv
done
