"""A seeded table of numbers, whole numbers, categories and gaps.

    make_table.py ROWS OUT.csv [TIMES]

With TIMES, the columns stand beside each other so many times, drawn anew.
"""

import sys

import numpy as np
import pandas as pd

BLOCK = 250_000


def columns(random, n):
    base = random.normal(size=n)
    return pd.DataFrame({
        "amount": np.exp(base + random.normal(size=n)).round(4),
        "score": (base * 2 + random.normal(size=n)).round(6),
        "rate": random.uniform(size=n).round(6),
        "age": random.integers(18, 90, size=n),
        "visits": random.poisson(3, size=n),
        "height": random.normal(170, 10, size=n).round(2),
        "income": np.where(random.uniform(size=n) < 0.05, np.nan, (30_000 + 9_000 * base).round(2)),
        "balance": random.standard_t(3, size=n).round(5),
        "city": random.choice(["Rome", "Oslo", "Lima", "Cairo", "Seoul"], size=n),
        "label": random.choice(["no", "yes"], size=n, p=[0.9, 0.1]),
    })


def main(rows, out, times):
    random = np.random.default_rng(7)
    for start in range(0, rows, BLOCK):
        n = min(BLOCK, rows - start)
        blocks = [columns(random, n) for _ in range(times)]
        table = blocks[0]
        if times > 1:
            table = pd.concat([block.add_suffix(f"_{i}") for i, block in enumerate(blocks)], axis=1)
        table.to_csv(out, mode="w" if start == 0 else "a", header=start == 0, index=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1)
