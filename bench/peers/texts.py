"""Prints the first N texts of a case of label-scoring.sh, one a line, from the data in ATTUNE_DATA; with a file, writes the first
question of each of the bank's intents to it.

    texts.py tweets|banking N [FILE.csv]
"""

import csv
import os
import sys
from pathlib import Path

FILES = {
    "tweets": ("raft/twitter_complaints/test_unlabeled.csv", "Tweet text"),
    "banking": ("banking77/test.csv", "text"),
}


def main(case, count, one_of_each=None):
    name, column = FILES[case]
    if one_of_each:
        write_one_of_each(one_of_each)
    with open(Path(os.environ["ATTUNE_DATA"]) / name, encoding="utf-8", newline="") as file:
        for row, _ in zip(csv.DictReader(file), range(int(count))):
            print(" ".join(row[column].split()))


def write_one_of_each(target):
    with open(Path(os.environ["ATTUNE_DATA"]) / "banking77/train.csv", encoding="utf-8", newline="") as file:
        first = {row["category"]: row for row in reversed(list(csv.DictReader(file)))}
    with open(target, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["text", "category"])
        writer.writeheader()
        writer.writerows(first.values())


if __name__ == "__main__":
    main(*sys.argv[1:])
