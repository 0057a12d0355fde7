#!/usr/bin/env bash
# Prints the README's table of figures: every case is trained with several seeds (each also draws another split), start to
# run folder, by ./attune train. Takes about two hours on two cores; runs that are there already are not repeated.
#
#   scripts/figures.sh [FOLDER]     where the runs go; default runs/figures
#
#   BERT, SMOLLM2                   other places of these models, such as a folder; default: as the recipes say
#   DTYPE                           another dtype of what is not trained; default: as the recipes say
#   CASES                           only these, such as CASES="sms-spam-minilm banking77-minilm"
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-runs/figures}
wanted=${CASES:-sms-spam-minilm sms-spam-minilm-lora sms-spam-smollm2 sms-spam-smollm2-lora sms-spam-bert sms-spam-bert-lora
    banking77-minilm banking77-minilm-lora}
mkdir -p "$out"

number() { # number FILE KEY: the first number under that key
    grep -o "\"$2\" *: *[-0-9.eE]*" "$1" | head -n 1 | sed 's/.*: *//'
}
text() { # text FILE KEY: the first string under that key
    grep -o "\"$2\" *: *\"[^\"]*\"" "$1" | head -n 1 | sed 's/.*: *"\(.*\)"/\1/'
}
option() { # option RUN KEY: from the complete recipe in a run folder
    sed -n "s/^$2: *//p" "$1/recipe.yaml" | tr -d '"'
}

train() { # train CASE SEED MODEL
    local run=$out/$1-seed-$2
    if [ -f "$run/evaluation.json" ] && [ -n "$(number "$run/provenance.json" seconds)" ]; then return; fi
    rm -rf "$run"
    echo "figures: $1, seed $2 ..." >&2
    ./attune train "configs/$1.yaml" --seed "$2" --out "$run" ${3:+--model "$3"} ${DTYPE:+--dtype "$DTYPE"} > "$run.log" 2>&1 || {
        tail -n 20 "$run.log" >&2
        exit 1
    }
}

row() { # row CASE SEEDS
    local run=$out/$1-seed-1 seed trained
    trained=$(option "$run" method)
    if [ "$trained" = head ]; then trained=$(option "$run" unfreeze); fi
    for ((seed = 1; seed <= $2; seed++)); do
        local each=$out/$1-seed-$seed
        echo "$(number "$each/evaluation.json" accuracy) $(number "$each/provenance.json" seconds)" \
            "$(number "$each/provenance.json" peak_memory_mib)"
    done | LC_ALL=C awk -v name="$1" -v trained="$trained" -v epochs="$(option "$run" epochs)" '
        NF < 2 { print "figures: a run of " name " lacks its figures" > "/dev/stderr"; failed = 1; exit 1 }
        { sum += $1; seconds += $2; if ($3 > peak) peak = $3
          if (NR == 1 || $1 < least) least = $1
          if (NR == 1 || $1 > most) most = $1 }
        END { if (failed) exit 1
              printf "| %s | %s | %s | %d | %.4f | %.4f | %.4f | %.0f | %s |\n",
                  name, trained, epochs, NR, sum / NR, least, most, seconds / NR, peak == "" ? "–" : peak }'
}

seeds() {
    case $1 in
        sms-spam-bert) echo 3 ;;
        banking77-* | sms-spam-bert-lora | sms-spam-smollm2-lora) echo 1 ;;
        *) echo 5 ;;
    esac
}

for name in $wanted; do
    model=
    case $name in
        *-bert | *-bert-lora) model=${BERT:-} ;;
        *-smollm2 | *-smollm2-lora) model=${SMOLLM2:-} ;;
    esac
    for ((seed = 1; seed <= $(seeds "$name"); seed++)); do train "$name" "$seed" "$model"; done
done

echo "| recipe | trained | epochs | seeds | test accuracy, mean | min | max | seconds a run | peak MiB |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
for name in $wanted; do row "$name" "$(seeds "$name")"; done
provenance=$(find "$out" -name provenance.json | sort | head -n 1)
cpu=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2> /dev/null | head -n 1 || true)
echo
echo "Measured on ${cpu:-a machine} with $(text "$provenance" processors) cores, $(text "$provenance" os), Java" \
    "$(text "$provenance" java), libtorch $(text "$provenance" libtorch), by scripts/figures.sh."
