"""Makes text/src/test/resources/evaluation/golden.json: what scikit-learn says of seven sets of predictions.

Run with the pinned environment (scikit-learn 1.9.1):
    ~/.cache/attune/models/.venv/bin/python scripts/make_evaluation_golden.py
"""

import json
import math
import warnings
from pathlib import Path

import numpy as np
from sklearn import metrics
from sklearn.preprocessing import label_binarize

OUT = Path(__file__).resolve().parent.parent / "text/src/test/resources/evaluation/golden.json"
random = np.random.default_rng(20)


def predictions(truth, classes, strength, digits=4):
    """Probabilities that lean to the truth, rounded as the file will hold them, each row adding up to 1."""
    logits = random.normal(size=(len(truth), classes))
    logits[np.arange(len(truth)), truth] += strength
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    p = np.round(p, digits)
    top = p.argmax(axis=1)
    p[np.arange(len(p)), top] = np.round(p[np.arange(len(p)), top] + 1 - p.sum(axis=1), digits)
    return p


def calibration_error(truth, p, bins=15):
    """Guo et al. 2017: bins (m/M, (m+1)/M] of the predicted label's probability."""
    confidence, correct = p.max(axis=1), p.argmax(axis=1) == truth
    bin_of = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    return sum(abs(confidence[bin_of == b].mean() - correct[bin_of == b].mean()) * (bin_of == b).mean()
               for b in range(bins) if (bin_of == b).any())


def expected(labels, truth, p):
    k = len(labels)
    ids = list(range(k))
    predicted = p.argmax(axis=1)
    if k == 2:
        roc = metrics.roc_auc_score(truth, p[:, 1])
        average_precision = metrics.average_precision_score(truth, p[:, 1])
    else:
        roc = metrics.roc_auc_score(truth, p, multi_class="ovr", average="macro", labels=ids)
        average_precision = metrics.average_precision_score(label_binarize(truth, classes=ids), p, average="macro")
    result = {"accuracy": metrics.accuracy_score(truth, predicted), "mcc": metrics.matthews_corrcoef(truth, predicted),
              "roc_auc": None if math.isnan(roc) else roc, "average_precision": average_precision,
              "log_loss": metrics.log_loss(truth, p, labels=ids),
              "expected_calibration_error": calibration_error(truth, p)}
    for average in ["macro", "micro", "weighted"]:
        values = metrics.precision_recall_fscore_support(truth, predicted, average=average, zero_division=0)
        result |= dict(zip([f"precision_{average}", f"recall_{average}", f"f1_{average}"], values[:3]))
    scores = metrics.precision_recall_fscore_support(truth, predicted, labels=ids, zero_division=0)
    occurring = sorted(set(truth) | set(predicted))
    return {
        "metrics": {name: value if value is None else float(value) for name, value in result.items()},
        "precision": scores[0].tolist(), "recall": scores[1].tolist(), "f1": scores[2].tolist(),
        "support": scores[3].tolist(),
        "confusion": metrics.confusion_matrix(truth, predicted, labels=ids).tolist(),
        "report": metrics.classification_report(truth, predicted, labels=occurring, digits=3, zero_division=0,
                                                target_names=[labels[i] for i in occurring]),
    }


def main():
    truths = {
        "binary": (["ham", "spam"], random.choice(2, 120, p=[0.7, 0.3]), 1.0),
        "three unbalanced": (["negative", "neutral", "positive"], random.choice(3, 150, p=[0.8, 0.15, 0.05]), 1.0),
        "class missing in the truth": (["a", "b", "a class with a very long name"], random.choice(2, 60), 1.5),
        "class that does not occur at all": (["a", "b", "c", "d"], random.choice(3, 60), 1.5),
        "77 classes": ([f"intent_{i}" for i in range(77)], np.concatenate([np.arange(77), random.choice(77, 123)]), 3.0),
        "ties in scores": (["no", "yes"], random.choice(2, 200), 0.7),
        "ties in scores, three classes": (["low", "mid", "high"], random.choice(3, 90), 0.7),
        "perfect": (["x", "y", "z"], np.arange(30) % 3, 40.0),
        "single class": (["ham", "spam"], np.zeros(25, dtype=int), 0.5),
    }
    cases = []
    for name, (labels, truth, strength) in truths.items():
        p = predictions(truth, len(labels), strength, digits=1 if "ties" in name else 4)
        if name == "class that does not occur at all":
            p[:, 0] += p[:, 3]
            p[:, 3] = 0
            p = np.round(p, 4)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cases.append({"name": name, "labels": labels, "truth": truth.tolist(), "probabilities": p.tolist(),
                          **expected(labels, truth, p)})
    OUT.parent.mkdir(parents=True, exist_ok=True)
    with OUT.open("w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()
