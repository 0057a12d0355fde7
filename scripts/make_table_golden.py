"""Makes explore/src/test/resources/table/{people.csv,golden.json}: what pandas and scikit-learn say of a table with gaps.

Run with pandas 3.1.1 and scikit-learn 1.9.1 (pandas is not in the pinned environment of the models):
    python3 -m venv V && V/bin/pip install pandas==3.1.1 scikit-learn==1.9.1 && V/bin/python scripts/make_table_golden.py
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import preprocessing

OUT = Path(__file__).resolve().parent.parent / "explore/src/test/resources/table"
random = np.random.default_rng(5)
N = 240


def gaps(values, spelling, share):
    return [spelling if random.random() < share else v for v in values]


people = pd.DataFrame({
    "": range(N),
    "age": gaps(random.integers(18, 90, N), "?", 0.04),
    "income": gaps(np.round(random.lognormal(8, 1, N), 2), "NA", 0.05),
    "balance": np.round(random.normal(-3e5, 1e6, N), 4),
    "ratio": gaps(np.round(random.normal(0, 1e-4, N), 9), "", 0.1),
    "children": gaps(random.poisson(1.5, N), "3+", 0.02),
    "constant": 5,
    "city": gaps(random.choice(["Rome", "Oslo", "Lima"], N, p=[0.6, 0.3, 0.1]), "None", 0.03),
    "note": [f"wrote {random.integers(10**6)} times, said so" for _ in range(N)],
    "joined": [f"2024-{m:02}-{d:02}" for m, d in zip(random.integers(1, 13, N), random.integers(1, 29, N))],
    "member": random.choice(["true", "false"], N),
    "grade": [v if random.random() < 0.6 else "high" for v in random.integers(1, 7, N)],
    "card": [f"4{random.integers(10**15, 10**16)}" for _ in range(N)],
    "nothing": "",
    "class": random.choice(["yes", "no"], N, p=[0.2, 0.8]),
})
people["debt"] = np.round(-0.5 * people["balance"] + random.normal(0, 1e5, N), 2)
people = pd.concat([people, people.iloc[[3, 3, 17]]])

OUT.mkdir(parents=True, exist_ok=True)
people.to_csv(OUT / "people.csv", index=False)

read = pd.read_csv(OUT / "people.csv", na_values=["?"], dtype={"card": str}).rename(columns={"Unnamed: 0": "0"})
read["children"] = pd.to_numeric(read["children"], errors="coerce")
numbers = read.select_dtypes("number").drop(columns="nothing")


def outliers(column):
    q1, q3 = column.quantile(0.25), column.quantile(0.75)
    far = 1.5 * (q3 - q1)
    z = (column - column.mean()).abs() > 3 * column.std()
    return {"iqr": int(((column < q1 - far) | (column > q3 + far)).sum()), "z": int(z.sum())}


def nullable(frame):
    return [[None if np.isnan(v) else float(v) for v in row] for row in frame.to_numpy()]


def scaled(scaler):
    return nullable(pd.DataFrame(scaler.fit_transform(numbers.to_numpy()[:20])))


golden = {
    "rows": len(read),
    "missing": read.isna().sum().to_dict(),
    "distinct": read.nunique().to_dict(),
    "duplicates": int(read.duplicated().sum()),
    "incomplete": int(read.isna().any(axis=1).sum()),
    "describe": numbers.describe().to_dict(),
    "outliers": {name: outliers(numbers[name]) for name in numbers},
    "columns": list(numbers),
    "pearson": nullable(numbers.corr()),
    "spearman": nullable(numbers.corr("spearman")),
    "numbers": nullable(numbers[:20]),
    "standard": scaled(preprocessing.StandardScaler()),
    "min_max": scaled(preprocessing.MinMaxScaler()),
    "robust": scaled(preprocessing.RobustScaler()),
}
(OUT / "golden.json").write_text(json.dumps(golden, indent=1, default=int) + "\n")
