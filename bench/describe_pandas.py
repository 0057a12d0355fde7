"""What `attune data describe` tells of a table, by pandas, as JSON.

    describe_pandas.py TABLE.csv
"""

import json
import sys

import pandas as pd

RANKED_ROWS = 100_000


def main(file):
    table = pd.read_csv(file)
    numbers = table.select_dtypes("number")
    described = numbers.describe()
    quartiles = numbers.quantile([0.25, 0.75])
    width = quartiles.loc[0.75] - quartiles.loc[0.25]
    outliers = (
        (numbers < quartiles.loc[0.25] - 1.5 * width) | (numbers > quartiles.loc[0.75] + 1.5 * width)
    ).sum()
    far = ((numbers - numbers.mean()).abs() > 3 * numbers.std()).sum()
    ranked = numbers.sample(min(len(numbers), RANKED_ROWS), random_state=1)
    result = {
        "rows": len(table),
        "columns": {
            name: {
                **(described[name].to_dict() if name in described else {"count": int(table[name].count())}),
                "missing": int(table[name].isna().sum()),
                "distinct": int(table[name].nunique()),
                "outliers": int(outliers.get(name, 0)),
                "far": int(far.get(name, 0)),
                "top": table[name].value_counts().head(10).to_dict() if name not in described else None,
            }
            for name in table
        },
        "duplicate_rows": int(table.duplicated().sum()),
        "incomplete_rows": int(table.isna().any(axis=1).sum()),
        "pearson": numbers.corr().to_dict(),
        "spearman": ranked.corr("spearman").to_dict(),
        "balance": table["label"].value_counts().to_dict(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1])
