#!/usr/bin/env bash
# Scoring texts against label words by Attune and by peft in turn (A B A B): rows a second and their ratio. Attune scores all
# texts; peft, which takes minutes for what takes Attune seconds, the first ROWS of them.
#
#   bench/label-scoring.sh MODEL_FOLDER tweets|banking [ROWS]     2 labels on tweets, 77 on questions to a bank
#
#   ATTUNE_DATA   where twitter-complaints and banking77 are
#   PYTHON, DTYPES, ROUNDS as for prompt-tuning.sh
set -euo pipefail
cd "$(dirname "$0")/.."
model=$1 case=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source bench/java.sh
options=(model "$model" method prompt num-virtual-tokens 8 split 1,0,0 max-steps 1 batch-size 8 eval-batches 1)
case $case in
    tweets) rows=${3:-60}; options+=(data twitter-complaints template "Tweet text : {text} Label : " max-length 64) ;;
    banking) rows=${3:-4}; options+=(data "$work/intents.csv" label-column category template "Question : {text} Intent : " max-length 128) ;;
    *) echo "label-scoring: $case is neither tweets nor banking" >&2; exit 2 ;;
esac
"${PYTHON:-python3}" bench/peers/texts.py "$case" "${TEXTS:-3399}" "$work/intents.csv" > "$work/texts.txt"

ours() { # ours NAME DTYPE
    attune_java bench/LabelScoring.java "$work/texts.txt" "$work/run-$2" "${options[@]}" dtype "$2" 2> "$work/log" | tail -n 1 \
        > "$work/$1.json" || { cat "$work/log" >&2; exit 1; }
}
peft() { # peft NAME
    peer bench/peers/label_scoring.py "$work/texts.txt" "$work/run-${dtypes%% *}" "$rows" 2> "$work/log" | tail -n 1 \
        > "$work/$1.json" || { cat "$work/log" >&2; exit 1; }
}

dtypes=${DTYPES:-float32 bfloat16}
for round in $(seq "${ROUNDS:-2}"); do
    for dtype in $dtypes; do ours "attune-$dtype-$round" "$dtype"; done
    peft "peft-$round"
done
"${PYTHON:-python3}" bench/peers/scoring_table.py peft "$work"
