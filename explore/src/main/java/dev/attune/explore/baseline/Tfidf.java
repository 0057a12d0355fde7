package dev.attune.explore.baseline;

import dev.attune.explore.matrix.SparseRows;
import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Texts as rows of term weights: how often a term stands in the text, times how rare it is in all, each row of length 1. As
 * scikit-learn's TfidfVectorizer: idf = ln((1 + texts) / (1 + texts with the term)) + 1.
 */
public final class Tfidf {
    private final Terms terms;
    /** A term's column. */
    private final Map<String, Integer> columns;

    private final double[] inverseFrequencies;

    private Tfidf(Terms terms, Map<String, Integer> columns, double[] inverseFrequencies) {
        this.terms = terms;
        this.columns = columns;
        this.inverseFrequencies = inverseFrequencies;
    }

    /**
     * Learns the terms of the texts and how rare each is.
     *
     * @throws InputException when the texts have no term
     */
    public static Tfidf fit(List<String> texts, Terms terms) {
        var columns = new LinkedHashMap<String, Integer>();
        var frequencies = new ArrayList<Integer>();
        var lastText = new ArrayList<Integer>();
        for (int text = 0; text < texts.size(); text++) {
            int current = text;
            terms.forEach(texts.get(text), term -> {
                int column = columns.computeIfAbsent(term, t -> columns.size());
                if (column == frequencies.size()) {
                    frequencies.add(1);
                    lastText.add(current);
                } else if (lastText.get(column) != current) {
                    frequencies.set(column, frequencies.get(column) + 1);
                    lastText.set(column, current);
                }
            });
        }
        if (columns.isEmpty()) {
            throw new InputException("None of the " + texts.size() + " texts has a word of two letters or more.");
        }
        double[] inverse = frequencies.stream()
                .mapToDouble(frequency -> Math.log((1.0 + texts.size()) / (1 + frequency)) + 1)
                .toArray();
        return new Tfidf(terms, columns, inverse);
    }

    /** The terms in the order of their columns. */
    public List<String> vocabulary() {
        return List.copyOf(columns.keySet());
    }

    /** One row a text; terms that {@link #fit} did not see are left out. */
    public SparseRows transform(List<String> texts) {
        var builder = new SparseRows.Builder(columns.size(), texts.size());
        for (String text : texts) {
            var counts = new HashMap<Integer, Integer>();
            terms.forEach(text, term -> {
                Integer column = columns.get(term);
                if (column != null) {
                    counts.merge(column, 1, Integer::sum);
                }
            });
            int[] occurring =
                    counts.keySet().stream().mapToInt(column -> column).sorted().toArray();
            for (int column : occurring) {
                builder.add(column, counts.getOrDefault(column, 0) * inverseFrequencies[column]);
            }
            builder.endRowWithUnitLength();
        }
        return builder.build();
    }

    /** A baseline on texts: these weights, then a classifier. */
    public static Baseline<String> then(String name, Terms terms, VectorClassifier classifier) {
        return new Baseline<>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Fitted<String> fit(List<String> texts, int[] labels, int classes) {
                var tfidf = Tfidf.fit(texts, terms);
                var fitted = classifier.fit(tfidf.transform(texts), labels, classes);
                return new Fitted<>() {
                    @Override
                    public double[][] probabilities(List<String> others) {
                        return fitted.probabilities(tfidf.transform(others));
                    }

                    @Override
                    public long numbers() {
                        return tfidf.inverseFrequencies.length + fitted.numbers();
                    }
                };
            }
        };
    }
}
