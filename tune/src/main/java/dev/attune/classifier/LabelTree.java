package dev.attune.classifier;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Labels as paths through one tree of tokens, so that those that begin alike share their beginning in a pass.
 *
 * <p>Rows: 0 is the text's last token, which all labels follow; row 1 + n is node n. A step is one prediction: from a row to
 * a token.
 *
 * @param nodes tokens that are followed by another one, and so go through the model, parents first
 * @param parents the node each follows, or -1 for the text
 * @param steps every prediction that some label needs, once
 * @param labels the steps of each label, in order
 */
record LabelTree(List<Integer> nodes, List<Integer> parents, List<Step> steps, List<List<Integer>> labels) {
    /** The prediction of a token from a row. */
    record Step(int row, int token) {}

    /**
     * The steps by rows.
     *
     * @param tokens what is asked for after each row; K for each, the last ones 0 where there are fewer
     * @param places of each step among them all
     */
    record Asked(List<List<Integer>> tokens, List<Integer> places) {}

    static LabelTree of(List<int[]> labels) {
        var nodes = new ArrayList<Integer>();
        var parents = new ArrayList<Integer>();
        var rows = new LinkedHashMap<Step, Integer>(); // of the node that a step leads to
        Map<Step, Integer> steps = new LinkedHashMap<>();
        var paths = new ArrayList<List<Integer>>();
        for (int[] tokens : labels) {
            var path = new ArrayList<Integer>();
            int row = 0;
            for (int i = 0; i < tokens.length; i++) {
                var step = new Step(row, tokens[i]);
                path.add(steps.computeIfAbsent(step, s -> steps.size()));
                if (i < tokens.length - 1) {
                    int parent = row - 1;
                    row = rows.computeIfAbsent(step, s -> {
                        nodes.add(s.token());
                        parents.add(parent);
                        return nodes.size();
                    });
                }
            }
            paths.add(List.copyOf(path));
        }
        return new LabelTree(List.copyOf(nodes), List.copyOf(parents), List.copyOf(steps.keySet()), paths);
    }

    Asked asked() {
        List<List<Integer>> tokens = new ArrayList<>();
        for (int row = 0; row <= nodes.size(); row++) {
            tokens.add(new ArrayList<>());
        }
        steps.forEach(step -> tokens.get(step.row()).add(step.token()));
        int most = tokens.stream().mapToInt(List::size).max().orElse(0);
        var places = steps.stream()
                .map(step -> step.row() * most + tokens.get(step.row()).indexOf(step.token()))
                .toList();
        tokens.forEach(row -> row.addAll(Collections.nCopies(most - row.size(), 0)));
        return new Asked(tokens, places);
    }
}
