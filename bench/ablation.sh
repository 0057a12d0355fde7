#!/usr/bin/env bash
# What each way of saving work brings: the same training with one of them off in turn, between two runs with all of them on.
# The accuracies are those after the last epoch; they agree but for rounding, batches and, of bf16, precision.
#
#   bench/ablation.sh MODEL_FOLDER RECIPE [OPTION VALUE ...]      such as bench/ablation.sh minilm configs/sms-spam-minilm.yaml
#
#   DATA       folder of the data sets; otherwise they are downloaded
set -euo pipefail
cd "$(dirname "$0")/.."
model=$1 recipe=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source bench/java.sh

run() { # run NAME OPTION VALUE ...
    local name=$1
    shift
    rm -rf "$work/run"
    attune_java bench/Training.java "$recipe" "$work/run" model "$model" ${DATA:+data-dir "$DATA"} "$@" 2> "$work/log" \
        | tail -n 1 > "$work/out.json" || { cat "$work/log" >&2; exit 1; }
    sed -E 's/.*"epochs":\[([^]]*)\].*"peak_mib":([0-9]+).*/\1 \2/' "$work/out.json" | awk -v name="$name" '{
        n = split($0, each, /"seconds":/); split(each[n], last, /[,:}]/); peak = $NF
        printf "%s %.2f %s %s\n", name, last[1] / (n - 1), last[3], peak }' >> "$work/rows"
}

case $(sed -n 's/^method: *//p' "$recipe") in
    prompt) switches="length-batches joined-prompt" ;;
    *) switches="length-batches trunk-cache last-row-only" ;;
esac
off=()
run all-on "$@"
for switch in $switches; do
    run "no-$switch" "$@" "$switch" false
    off+=("$switch" false)
done
run float32 "$@" dtype float32
run all-off "$@" "${off[@]}" dtype float32
run all-on-again "$@"

echo "| | s an epoch | of all on | validation accuracy | peak MiB |"
echo "| --- | --- | --- | --- | --- |"
awk 'NR == FNR { if ($1 ~ /^all-on/) { sum += $2; n++ } next }
    { printf "| %s | %.2f | %.2f | %s | %s |\n", $1, $2, $2 / (sum / n), $3, $4 }' "$work/rows" "$work/rows"
