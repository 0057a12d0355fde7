"""Makes explore/src/test/resources/explore/golden.json: what scikit-learn says of the tests' data.

Run with the pinned environment (scikit-learn 1.9.1), and the data folder for the figures of the real tier:
    ATTUNE_DATA=../shared/data ~/.cache/attune/models/.venv/bin/python scripts/make_explore_golden.py
"""

import csv
import json
import os
from pathlib import Path

import numpy as np
from sklearn import cluster, datasets, decomposition, ensemble, feature_extraction, linear_model, manifold, metrics
from sklearn import naive_bayes, neighbors, pipeline, preprocessing, svm

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "explore/src/test/resources/explore/golden.json"
QUICKSTART = ROOT / "cli/src/main/resources/dev/attune/cli/quickstart/train.csv"
DATA = Path(os.environ.get("ATTUNE_DATA", ROOT.parent / "shared/data"))
random = np.random.default_rng(5)


def rounded(values, digits=10):
    return np.round(np.asarray(values, dtype=float), digits).tolist()


def pca(x, components):
    p = decomposition.PCA(components).fit(x)
    return {"rows": x.tolist(), "components": rounded(p.components_), "explained_variance": rounded(p.explained_variance_),
            "explained_variance_ratio": rounded(p.explained_variance_ratio_), "scores": rounded(p.transform(x))}


def digits():
    """500 pictures of digits: t-SNE, k-means, their measures, neighbours."""
    x, y = (part[:500] for part in datasets.load_digits(return_X_y=True))
    flat = decomposition.PCA(2).fit_transform(x)
    tsne = manifold.TSNE(random_state=0).fit(x)
    kmeans = cluster.KMeans(10, n_init=10, random_state=0).fit(x)
    knn = neighbors.KNeighborsClassifier(5, metric="cosine").fit(x[:400], y[:400])
    return {
        "rows": x.astype(int).tolist(), "labels": y.tolist(),
        "pca_trustworthiness": manifold.trustworthiness(x, flat, n_neighbors=5),
        "tsne_trustworthiness": manifold.trustworthiness(x, tsne.embedding_, n_neighbors=5),
        "tsne_divergence": float(tsne.kl_divergence_),
        "kmeans_inertia": kmeans.inertia_, "kmeans_labels": kmeans.labels_.tolist(),
        "silhouette": metrics.silhouette_score(x, kmeans.labels_),
        "adjusted_rand": metrics.adjusted_rand_score(y, kmeans.labels_),
        "normalized_mutual_information": metrics.normalized_mutual_info_score(y, kmeans.labels_),
        "neighbours": rounded(knn.predict_proba(x[400:])),
    }


def outliers():
    x = np.round(np.concatenate([random.normal(size=(300, 3)), random.normal(scale=3, size=(20, 3))]), 4)
    y = np.repeat([0, 1], [300, 20])
    forest = ensemble.IsolationForest(random_state=0).fit(x)
    scores = -forest.score_samples(x)
    few = ensemble.IsolationForest(contamination=0.05, random_state=0).fit(x)
    return {"rows": x.tolist(), "labels": y.tolist(), "scores": rounded(scores, 6), "roc_auc": metrics.roc_auc_score(y, scores),
            "flagged": int((forest.predict(x) < 0).sum()), "flagged_of_5_percent": int((few.predict(x) < 0).sum())}


ODD = ["Free FREE entry!! a I I'm it's 2day snake_case", "Ünïcode ÇA n'est pas café x² ½ Ⅷ", "tabs\tand\n\nnew  lines\u00a0here", "日本語 の テキスト ok",
       "", "a b c", "e\u0301te\u0301 \U0001d5d4\U0001d5d5 end."]


def texts():
    with open(QUICKSTART, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    order = random.permutation(len(rows))[:180]
    rows = [rows[i] for i in order]
    names = sorted({row["label"] for row in rows})
    x = [row["text"] for row in rows]
    y = np.array([names.index(row["label"]) for row in rows])
    train, test = slice(0, 120), slice(120, 180)

    def of(vectorizer, classifier):
        fitted = pipeline.make_pipeline(vectorizer, classifier).fit(x[train], y[train])
        score = fitted.decision_function if isinstance(classifier, svm.LinearSVC) else fitted.predict_proba
        return rounded(score(x[test]), 8)

    words = feature_extraction.text.TfidfVectorizer
    characters = lambda: words(analyzer="char_wb", ngram_range=(2, 4))
    logistic = lambda: linear_model.LogisticRegression(tol=1e-10, max_iter=10000)
    two = y[train] < 2
    binary = pipeline.make_pipeline(words(), logistic()).fit(np.array(x[train])[two], y[train][two])
    binary_svm = pipeline.make_pipeline(words(), svm.LinearSVC(tol=1e-10, max_iter=100000)).fit(np.array(x[train])[two], y[train][two])

    def analyzed(**options):
        analyzer = words(**options).build_analyzer()
        return [analyzer(text) for text in ODD]

    odd = words().fit(ODD)
    return {
        "names": names, "texts": x, "labels": y.tolist(), "train": 120,
        "odd": ODD, "odd_words": analyzed(), "odd_bigrams": analyzed(ngram_range=(1, 2)),
        "odd_characters": analyzed(analyzer="char_wb", ngram_range=(2, 4)),
        "odd_vocabulary": odd.get_feature_names_out().tolist(), "odd_tfidf": rounded(odd.transform(ODD).toarray()),
        "logistic": of(words(), logistic()), "characters_logistic": of(characters(), logistic()),
        "svm": of(words(), svm.LinearSVC(tol=1e-10, max_iter=100000)), "bayes": of(words(), naive_bayes.MultinomialNB()),
        "binary_logistic": rounded(binary.predict_proba(x[test]), 8), "binary_svm": rounded(binary_svm.decision_function(x[test]), 8),
        "logistic_with_defaults": of(words(), linear_model.LogisticRegression()),
    }


def table(x, y):
    """Every third row is for testing."""
    test = np.arange(len(x)) % 3 == 2
    split = x[~test], y[~test], x[test], y[test]
    return {"rows": x.tolist(), "target": y.tolist()}, split


def classes(x, y):
    golden, (x_train, y_train, x_test, y_test) = table(x, y)

    def auc(p):
        return metrics.roc_auc_score(y_test, p[:, 1] if p.shape[1] == 2 else p, multi_class="ovr")

    logistic = pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.LogisticRegression(tol=1e-10, max_iter=10000))
    boosting, other = (ensemble.GradientBoostingClassifier(random_state=seed).fit(x_train, y_train).predict_proba(x_test)
                       for seed in range(2))
    forest = ensemble.RandomForestClassifier(random_state=0).fit(x_train, y_train).predict_proba(x_test)
    return golden | {"logistic": rounded(logistic.fit(x_train, y_train).predict_proba(x_test), 8),
                     "boosting": rounded(boosting, 8), "boosting_auc": auc(boosting),
                     "boosting_seed_difference": float(np.abs(boosting - other)[:, 0].mean()), "forest_auc": auc(forest)}


def numbers(x, y):
    golden, (x_train, y_train, x_test, y_test) = table(x, y)
    forest = ensemble.RandomForestRegressor(random_state=0).fit(x_train, y_train).predict(x_test)
    linear = linear_model.LinearRegression().fit(x_train, y_train).predict(x_test)
    return golden | {
        "linear": rounded(linear, 8), "ridge": rounded(linear_model.Ridge().fit(x_train, y_train).predict(x_test), 8),
        "boosting": rounded(ensemble.GradientBoostingRegressor(random_state=0).fit(x_train, y_train).predict(x_test), 8),
        "forest_r2": metrics.r2_score(y_test, forest),
        "linear_r2": metrics.r2_score(y_test, linear), "linear_rmse": metrics.root_mean_squared_error(y_test, linear),
        "linear_mae": metrics.mean_absolute_error(y_test, linear),
    }


def real():
    """Figures on data sets that the project does not carry."""
    with open(DATA / "numeric/creditcard_sample/creditcard_sample.csv", newline="") as file:
        rows = [[float(value) for value in list(row.values())[2:]] for row in csv.DictReader(file)]  # neither row number nor time
    x, fraud = np.array(rows)[:, :-1], np.array(rows)[:, -1]
    aucs = [metrics.roc_auc_score(fraud, -ensemble.IsolationForest(random_state=seed).fit(x).score_samples(x)) for seed in range(5)]
    with open(next((DATA / "sms_spam").rglob("SMSSpamCollection*")), encoding="utf-8") as file:
        sms = [line.rstrip("\n").split("\t", 1) for line in file]
    spam, texts = np.array([label == "spam" for label, _ in sms]), [text for _, text in sms]
    fitted = pipeline.make_pipeline(feature_extraction.text.TfidfVectorizer(), linear_model.LogisticRegression())
    p = fitted.fit(texts[:4000], spam[:4000]).predict_proba(texts[4000:])
    return {"creditcard_isolation_auc": float(np.mean(aucs)),
            "sms_accuracy": metrics.accuracy_score(spam[4000:], p[:, 1] > 0.5), "sms_log_loss": metrics.log_loss(spam[4000:], p)}


def main():
    cancer, diabetes, iris = datasets.load_breast_cancer(), datasets.load_diabetes(scaled=False), datasets.load_iris()
    golden = {
        "pca": pca(np.round(random.normal(size=(40, 6)) * [5, 3, 2, 1, 0.5, 0.1], 4), 6),
        "wide_pca": pca(np.round(random.normal(size=(8, 20)), 4), 5),
        "digits": digits(), "outliers": outliers(), "texts": texts(),
        "cancer": classes(cancer.data[:360, :8], cancer.target[:360]), "iris": classes(iris.data, iris.target),
        "diabetes": numbers(diabetes.data[:300], diabetes.target[:300]), "real": real(),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{OUT}: {OUT.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
