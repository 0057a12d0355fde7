#!/usr/bin/env bash
# Prompt tuning of a model of Mistral 7B's shape (random weights, bf16, 14.5 GB, mapped and not copied) with gradient
# checkpointing: time of a step, peak of the process's own memory and of the file's pages in it. Needs about 15 GB of disk, and
# as much memory that is free for the system to keep the file in, or each step reads it from the disk.
#
#   bench/mistral-step.sh FOLDER TRAIN.csv [STEPS]     FOLDER is made unless it is there; it is yours to delete
#
#   PYTHON     with numpy, to make the folder; default python3
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1 data=$2 steps=${3:-2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source bench/java.sh
if [ ! -f "$folder/config.json" ]; then "${PYTHON:-python3}" bench/make_mistral_shape.py "$folder"; fi
JAVA_OPTIONS=-Xmx512m attune_java bench/Training.java configs/twitter-complaints-mistral.yaml "$work/run" model "$folder" data "$data" \
    text-column "Tweet text" label-column Label num-virtual-tokens 8 max-steps "$steps" eval-batches 1
cat "$work/run/provenance.json"
