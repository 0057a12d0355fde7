#!/usr/bin/env bash
# Describes a table of 5,000,000 rows with Attune and with pandas, in turn, and prints seconds and peak memory of each; then
# a table of 1,000 columns with Attune.
# Makes the table first (seeded; about 300 MB). Needs GNU time and a Python with pandas and numpy: PYTHON=…, python3 otherwise.
#
#   bench/describe.sh [ROWS] [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-5000000}
folder=${2:-$(mktemp -d)}
python=${PYTHON:-python3}
table=$folder/table-$rows.csv
./attune --version > /dev/null # builds where sources have changed
mkdir -p "$folder"
[ -f "$table" ] || "$python" bench/make_table.py "$rows" "$table"
echo "$rows rows, $(du -m "$table" | cut -f1) MB, $(nproc) cores"
for name in attune pandas; do
    case $name in
        attune) command=(./attune data describe "$table" --json) ;;
        pandas) command=("$python" bench/describe_pandas.py "$table") ;;
    esac
    /usr/bin/time -f '%e %M' -o "$folder/$name.time" "${command[@]}" > "$folder/$name.json"
    awk -v name="$name" '{ printf "%-7s %7.1f s %8.0f MB\n", name, $1, $2 / 1024 }' "$folder/$name.time"
done
awk 'NR == 1 { s = $1; m = $2 } NR == 2 { printf "pandas takes %.1f times the seconds and %.1f times the memory\n", $1 / s, $2 / m }' \
    "$folder/attune.time" "$folder/pandas.time"
"$python" bench/compare_descriptions.py "$folder/attune.json" "$folder/pandas.json"

wide=$folder/table-1000-columns.csv
[ -f "$wide" ] || "$python" bench/make_table.py 2000 "$wide" 100
/usr/bin/time -f '%e %M' -o "$folder/wide.time" ./attune data describe "$wide" --json > "$folder/wide.json"
awk '{ printf "2000 rows of 1000 columns: attune %.1f s %.0f MB\n", $1, $2 / 1024 }' "$folder/wide.time"
