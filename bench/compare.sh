#!/usr/bin/env bash
# Attune beside transformers and peft, in turn (A B A B) in one session: a table with ratios and their spread for each case.
#
#   bench/compare.sh MODELS DATA [CASE ...]     all cases take about an hour and a half on two cores
#
#   MODELS     a folder with minilm, bert-base-uncased, smollm2-135m-instruct and gpt2-shape as Hugging Face folders
#   DATA       a folder with the data sets, by the names that ./attune data list shows
#   PYTHON     with torch, transformers and peft, to compare against; default python3
#   ROUNDS     default 2
#   CASES      bench/compare.py --help lists them
set -euo pipefail
cd "$(dirname "$0")/.."
source bench/java.sh
export -f attune_java peer
exec "${PYTHON:-python3}" bench/compare.py "$@"
