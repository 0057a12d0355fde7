package dev.attune.explore.report;

import dev.attune.explore.table.ClassBalance;
import java.util.List;

/** How rows divide among the classes. */
final class BalanceSection {
    private static final int SHOWN = 40;
    private static final double UNEVEN = 3;

    private BalanceSection() {}

    static Section of(ClassBalance balance, List<Finding> findings) {
        var classes =
                balance.classes().subList(0, Math.min(SHOWN, balance.classes().size()));
        var table = DataTable.of(
                "Classes",
                "The weight is the one that makes classes count alike (scikit-learn's \"balanced\").",
                balance.label(),
                "#rows",
                "#share",
                "#weight");
        classes.forEach(c -> table.row(c.name(), Text.count(c.rows()), Text.share(c.share()), Text.number(c.weight())));
        if (balance.imbalance() >= UNEVEN) {
            findings.add(new Finding(
                    Finding.Level.NOTE,
                    "The largest class has " + Text.number(Math.round(balance.imbalance() * 10) / 10.0)
                            + " times the rows of the smallest: always guessing "
                            + balance.classes().get(0).name()
                            + " is right " + Text.share(balance.majority()) + " of the time.",
                    "balance"));
        }
        if (balance.missing() > 0) {
            findings.add(new Finding(
                    Finding.Level.WARNING,
                    Text.count(balance.missing(), "row has", "rows have") + " no label.",
                    "balance"));
        }
        return new Section(
                "balance",
                "Balance",
                "Evenness " + Text.metric(balance.evenness()) + " (1: all classes of one size).",
                List.of(
                        new Bars(
                                "class-balance",
                                "Rows by " + balance.label(),
                                classes.isEmpty()
                                        ? ""
                                        : classes.get(0).name() + " is the largest with "
                                                + Text.count(classes.get(0).rows(), "row", "rows") + " ("
                                                + Text.share(classes.get(0).share()) + ").",
                                balance.label(),
                                "rows",
                                classes.stream()
                                        .map(ClassBalance.ClassCount::name)
                                        .toList(),
                                List.of(new Bars.Series(
                                        "rows",
                                        classes.stream()
                                                .map(c -> (double) c.rows())
                                                .toList())),
                                true,
                                false),
                        table.build()));
    }
}
