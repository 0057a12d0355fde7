#!/usr/bin/env bash
# Prompt tuning of a SmolLM2 on twitter_complaints by Attune and by peft in turn (A B A B), in one session: time of a step and of
# an epoch, peak resident memory, and their ratios. The first step of each run is left out: it warms up.
#
#   bench/prompt-tuning.sh MODEL_FOLDER TRAIN.csv [EPOCHS]
#
#   PYTHON     with torch, transformers and peft; default python3
#   DTYPES     of Attune's frozen model; default "bfloat16 float32"
#   ROUNDS     default 2
set -euo pipefail
cd "$(dirname "$0")/.."
model=$1 data=$2 epochs=${3:-2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source bench/java.sh

ours() { # ours NAME DTYPE
    attune_java bench/Training.java configs/twitter-complaints-smollm2.yaml "$work/$1" model "$model" data "$data" \
        text-column "Tweet text" label-column Label epochs "$epochs" dtype "$2" 2> "$work/log" | tail -n 1 \
        > "$work/$1.json" || { cat "$work/log" >&2; exit 1; }
}
peft() { # peft NAME
    peer bench/peers/prompt_tuning.py "$model" "$data" --epochs "$epochs" 2> "$work/log" | tail -n 1 > "$work/$1.json" \
        || { cat "$work/log" >&2; exit 1; }
}

for round in $(seq "${ROUNDS:-2}"); do
    for dtype in ${DTYPES:-bfloat16 float32}; do ours "attune-$dtype-$round" "$dtype"; done
    peft "peft-$round"
done
"${PYTHON:-python3}" bench/peers/table.py "$epochs" peft "$work"
