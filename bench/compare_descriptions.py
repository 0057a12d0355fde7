"""Fails where Attune's and pandas' descriptions of a table differ.

    compare_descriptions.py ATTUNE.json PANDAS.json
"""

import json
import math
import sys
from pathlib import Path

NUMBERS = {"mean": "mean", "std": "std", "min": "min", "p25": "25%", "p50": "50%", "p75": "75%", "max": "max"}


def main(attune_file, pandas_file):
    attune = json.loads(Path(attune_file).read_text())
    pandas = json.loads(Path(pandas_file).read_text())
    wrong = [key for key in ("rows", "duplicate_rows", "incomplete_rows") if attune[key] != pandas[key]]
    for column in attune["columns"]:
        other = pandas["columns"][column["name"]]
        for key in ("count", "missing", "distinct"):
            if column[key] != other[key]:
                wrong.append(f"{column['name']}: {key}")
        if column["numbers"]:
            for key, name in NUMBERS.items():
                if not math.isclose(column["numbers"][key], other[name], rel_tol=1e-9, abs_tol=1e-12):
                    wrong.append(f"{column['name']}: {key}")
            if column["numbers"]["iqr_outliers"] != other["outliers"]:
                wrong.append(f"{column['name']}: outliers")
    if wrong:
        sys.exit("They differ in " + ", ".join(wrong))
    print("Both give the same figures.")


if __name__ == "__main__":
    main(*sys.argv[1:])
