package dev.attune.explore.baseline;

import dev.attune.explore.tree.Boosting;
import dev.attune.files.InputException;
import dev.attune.files.Suggestions;
import java.util.List;

/** The baselines that are tried, with scikit-learn's settings. */
public final class Baselines {
    /** TF-IDF of words, then logistic regression: the one that every run is held against. */
    public static final Baseline<String> TFIDF_LOGISTIC =
            Tfidf.then("tfidf-logistic", new Terms(Terms.Kind.WORDS, 1, 1), new LogisticRegression(1));

    private static final List<Baseline<String>> TEXTS = List.of(
            new Majority<>(),
            TFIDF_LOGISTIC,
            Tfidf.then("tfidf-svm", new Terms(Terms.Kind.WORDS, 1, 1), new LinearSvm(1)),
            Tfidf.then("tfidf-bayes", new Terms(Terms.Kind.WORDS, 1, 1), new NaiveBayes(1)),
            Tfidf.then("tfidf-bigrams-svm", new Terms(Terms.Kind.WORDS, 1, 2), new LinearSvm(1)),
            Tfidf.then("tfidf-characters-logistic", new Terms(Terms.Kind.CHARACTERS, 2, 4), new LogisticRegression(1)),
            Tfidf.then("tfidf-characters-svm", new Terms(Terms.Kind.CHARACTERS, 2, 4), new LinearSvm(1)));

    private Baselines() {}

    /** On texts. */
    public static List<Baseline<String>> texts() {
        return TEXTS;
    }

    /**
     * The baseline on texts of that name.
     *
     * @throws InputException when there is none
     */
    public static Baseline<String> text(String name) {
        var names = TEXTS.stream().map(Baseline::name).toList();
        return TEXTS.stream()
                .filter(baseline -> baseline.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new InputException("There is no baseline '" + name + "'." + Suggestions.nearest(name, names)));
    }

    /** On embeddings of texts, which are given as rows. */
    public static List<Baseline<double[]>> embeddings() {
        return List.of(
                new DenseBaseline("embedding-logistic", false, new LogisticRegression(1)), new NearestNeighbors(5));
    }

    /**
     * For a class, on the columns of a table.
     *
     * @param seed of what is drawn
     */
    public static List<Baseline<double[]>> tables(long seed) {
        return List.of(
                new Majority<>(),
                new DenseBaseline("logistic", true, new LogisticRegression(1)),
                new GradientBoosting(Boosting.Options.defaults()),
                new RandomForest(100, seed));
    }

    /**
     * For a number, on the columns of a table.
     *
     * @param seed of what is drawn
     */
    public static List<Regression> regressions(long seed) {
        return List.of(
                new LinearRegression(0),
                new LinearRegression(1),
                new GradientBoosting(Boosting.Options.defaults()),
                new RandomForest(100, seed));
    }
}
