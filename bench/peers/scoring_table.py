"""Prints scoring runs side by side: NAME-ROUND.json files with rows, labels, seconds and the labels chosen.

    scoring_table.py BASELINE FOLDER
"""

import json
import statistics
import sys
from pathlib import Path


def main(baseline, folder):
    runs = {}
    for file in sorted(Path(folder).glob("*.json")):
        runs.setdefault(file.stem.rsplit("-", 1)[0], []).append(json.loads(file.read_text()))
    speed = {name: [run["rows"] / run["seconds"] for run in rounds] for name, rounds in runs.items()}
    reference = runs[baseline][0]["chosen"]
    print("| | labels | rows | rows/s (spread) | times faster | same label as the baseline |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, rounds in runs.items():
        same = sum(a == b for a, b in zip(rounds[0]["chosen"], reference))
        compared = min(len(rounds[0]["chosen"]), len(reference))
        mean = statistics.mean(speed[name])
        print(f"| {name} | {rounds[0]['labels']} | {rounds[0]['rows']} "
              f"| {mean:.2f} ({max(speed[name]) - min(speed[name]):.2f}) "
              f"| {mean / statistics.mean(speed[baseline]):.1f} | {same} of {compared} |")


if __name__ == "__main__":
    main(*sys.argv[1:])
