"""Prints runs side by side: NAME-ROUND.json files with `ms` of each step and `peak_mib`.

    table.py EPOCHS BASELINE FOLDER
"""

import json
import statistics
import sys
from pathlib import Path


def main(epochs, baseline, folder):
    runs = {}
    for file in sorted(Path(folder).glob("*.json")):
        runs.setdefault(file.stem.rsplit("-", 1)[0], []).append(json.loads(file.read_text()))
    rows = {}
    for name, rounds in runs.items():
        steps = [ms for run in rounds for ms in run["ms"][1:]]
        # An epoch is as many steps as there are; the first step stands in for itself with the mean.
        per_epoch = [statistics.mean(run["ms"][1:]) * len(run["ms"]) / int(epochs) / 1000 for run in rounds]
        rows[name] = (statistics.mean(steps), statistics.mean(per_epoch), max(per_epoch) - min(per_epoch),
                      max(run["peak_mib"] for run in rounds), statistics.mean(run["losses"][-1] for run in rounds))
    base = rows[baseline]
    print("| | ms a step | s an epoch (spread) | peak MiB | last loss | times faster | of its memory |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, (step, epoch, spread, peak, loss) in rows.items():
        print(f"| {name} | {step:.0f} | {epoch:.2f} ({spread:.2f}) | {peak} | {loss:.2f} "
              f"| {base[1] / epoch:.1f} | {peak / base[3]:.2f} |")


if __name__ == "__main__":
    main(*sys.argv[1:])
