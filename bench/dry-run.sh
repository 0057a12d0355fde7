#!/usr/bin/env bash
# How long runs were expected to take before they were started, and how long they took (seconds in provenance.json: from the data
# in memory to the tested model). The rows are those of a file, over and over.
#
#   bench/dry-run.sh MODEL RECIPE LINES ROWS [OPTION VALUE ...]
#
#   LINES      file of a label, a tabulator and a text a line
#   ROWS       how many rows to try, such as "1000 10000"
#
# such as bench/dry-run.sh minilm configs/sms-spam-minilm.yaml SMSSpamCollection "1000 10000" epochs 1 unfreeze head
set -euo pipefail
cd "$(dirname "$0")/.."
model=$1 recipe=$2 lines=$3 counts=$4
shift 4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source bench/java.sh

echo "| rows | estimated s | took s | ratio |"
echo "| --- | --- | --- | --- |"
for rows in $counts; do
    awk -F '\t' -v rows="$rows" '
        { label[NR - 1] = $1; text = $2; gsub(/"/, "\"\"", text); texts[NR - 1] = text }
        END { print "label,text"; for (i = 0; i < rows; i++) print label[i % NR] ",\"" texts[i % NR] "\"" }' "$lines" > "$work/rows.csv"
    options=(model "$model" data "$work/rows.csv" text-column text label-column label balance 0 "$@")
    attune_java bench/DryRun.java "$recipe" "${options[@]}" > "$work/estimate" 2> "$work/log" || { cat "$work/log" >&2; exit 1; }
    rm -rf "$work/run"
    attune_java bench/Training.java "$recipe" "$work/run" "${options[@]}" > "$work/out" 2> "$work/log" || { cat "$work/log" >&2; exit 1; }
    sed -n 's/^[0-9.]* //p' "$work/estimate" >&2
    echo "$(cut -d ' ' -f 1 "$work/estimate") $(sed -n 's/.*"seconds" : \([0-9.]*\).*/\1/p' "$work/run/provenance.json")" \
        | awk -v rows="$rows" '{ printf "| %d | %.1f | %.1f | %.2f |\n", rows, $1, $2, $1 / $2 }'
done
