#!/usr/bin/env bash
# Prints the table of docs/few-labels.md: the 50 labelled tweets of twitter-complaints through every method that applies, each
# cross-validated in the same five folds. Takes about an hour on two cores; cases that are there already are not repeated, one
# that was stopped goes on.
#
#   scripts/few-labels.sh [FOLDER]     where the results go; default runs/few-labels
#
#   BERT, SMOLLM2                      other places of these models, such as a folder; default: on the hub
#   CASES                              only these, such as CASES="tfidf-logistic minilm-contrastive"
#   SEED, FOLDS, THREADS               default 42, 5 and 0 (a thread a core; 1 where other work runs beside it)
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-runs/few-labels}
seed=${SEED:-42}
folds=${FOLDS:-5}
threads=${THREADS:-0}
bert=${BERT:-google-bert/bert-base-uncased}
smollm2=${SMOLLM2:-HuggingFaceTB/SmolLM2-135M-Instruct}
wanted=${CASES:-tfidf-logistic minilm-head minilm-lora minilm-contrastive bert-head bert-lora smollm2-lora smollm2-words-lora \
    smollm2-prompt}
mkdir -p "$out"

number() { # number FILE KEY: the first number under that key
    grep -o "\"$2\" *: *[-0-9.eE]*" "$1" | head -n 1 | sed 's/.*: *//'
}
text() { # text FILE KEY: the first string under that key
    grep -o "\"$2\" *: *\"[^\"]*\"" "$1" | head -n 1 | sed 's/.*: *"\(.*\)"/\1/'
}
interval() { # interval FILE METRIC
    sed 's/.*"intervals"//' "$1" | grep -o "\"$2\" *: *\[[^]]*\]" | sed 's/.*\[\(.*\),\(.*\)\]/\1 \2/'
}

# The settings are what each method is usually given, cut where a case took too long, and not chosen by these figures.
options() { # options CASE: one a line
    case $1 in
        minilm-head) printf '%s\n' --model minilm --method head --unfreeze last-block --epochs 20 --batch-size 8 ;;
        minilm-lora) printf '%s\n' --model minilm --method lora --epochs 10 --batch-size 8 ;;
        minilm-contrastive)
            printf '%s\n' --model minilm --method contrastive --epochs 1 --learning-rate 1e-4 --warmup-ratio 0.1 --no-dropout ;;
        bert-head) printf '%s\n' --model "$bert" --method head --unfreeze last-block --epochs 20 --batch-size 8 ;;
        bert-lora) printf '%s\n' --model "$bert" --method lora --epochs 10 --batch-size 8 ;;
        smollm2-lora) printf '%s\n' --model "$smollm2" --method lora --epochs 5 --batch-size 8 ;;
        smollm2-words-lora)
            printf '%s\n' --model "$smollm2" --method lora --epochs 5 --batch-size 8 \
                --template "Tweet text : {text} Label : " --max-length 64 ;;
        smollm2-prompt) printf '%s\n' configs/twitter-complaints-smollm2.yaml --model "$smollm2" ;;
        *)
            echo "few-labels: there is no case $1" >&2
            exit 1
            ;;
    esac
}

run() { # run CASE
    local folder=$out/$1
    case $1 in
        tfidf-*)
            [ -f "$folder/cost.json" ] || ./attune baseline --data twitter-complaints --folds "$folds" --seed "$seed" \
                --baseline "$1" --out "$out" > "$folder.log" 2>&1
            ;;
        *)
            if [ -f "$folder/evaluation.json" ]; then return; fi
            echo "few-labels: $1 ..." >&2
            local given=(--resume "$folder")
            if [ ! -f "$folder/folds.json" ]; then
                mapfile -t given < <(options "$1")
                given+=(--data twitter-complaints --folds "$folds" --seed "$seed" --threads "$threads" --out "$folder")
            fi
            ./attune train "${given[@]}" > "$folder.log" 2>&1 || {
                tail -n 20 "$folder.log" >&2
                exit 1
            }
            ;;
    esac
}

row() { # row CASE
    local figures=$out/$1/evaluation.json
    echo "$(number "$figures" f1_macro) $(interval "$figures" f1_macro) $(number "$figures" accuracy)" \
        "$(interval "$figures" accuracy) $(number "$out/$1/cost.json" train_seconds)" |
        LC_ALL=C awk -v name="$1" '{ if (NF != 7) { print "few-labels: " name " lacks its figures" > "/dev/stderr"; exit 1 }
            printf "| %s | %.3f [%.3f, %.3f] | %.3f [%.3f, %.3f] | %.1f |\n", name, $1, $2, $3, $4, $5, $6, $7 }'
}

for name in $wanted; do run "$name"; done

echo "| method | macro F1 | accuracy | seconds a fold |"
echo "| --- | --- | --- | --- |"
for name in $wanted; do row "$name"; done
provenance=$(find "$out" -name provenance.json | sort | head -n 1)
if [ -n "$provenance" ]; then
    cpu=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2> /dev/null | head -n 1 || true)
    echo
    echo "Measured on ${cpu:-a machine} with $(text "$provenance" processors) cores ($(text "$provenance" threads) threads used), $(text "$provenance" os), Java" \
        "$(text "$provenance" java), libtorch $(text "$provenance" libtorch), $folds folds, seed $seed, by scripts/few-labels.sh."
fi
