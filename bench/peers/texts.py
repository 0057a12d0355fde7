"""Prints the first N texts of a case of label-scoring.sh, one a line, from the data in ATTUNE_DATA.

    texts.py tweets|banking N
"""

import csv
import os
import sys
from pathlib import Path

FILES = {
    "tweets": ("raft/twitter_complaints/test_unlabeled.csv", "Tweet text"),
    "banking": ("banking77/test.csv", "text"),
}


def main(case, count):
    name, column = FILES[case]
    with open(Path(os.environ["ATTUNE_DATA"]) / name, encoding="utf-8", newline="") as file:
        for row, _ in zip(csv.DictReader(file), range(int(count))):
            print(" ".join(row[column].split()))


if __name__ == "__main__":
    main(*sys.argv[1:])
