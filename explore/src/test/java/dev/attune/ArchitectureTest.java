package dev.attune;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = ArchitectureRules.moduleClasses();

    @Test
    void packagesDependDownwardsOnly() {
        ArchitectureRules.direction(Map.of(
                        "explore.report",
                                List.of(
                                        "files",
                                        "data",
                                        "evaluation",
                                        "explore.baseline",
                                        "explore.cluster",
                                        "explore.matrix",
                                        "explore.outlier",
                                        "explore.projection",
                                        "explore.table",
                                        "explore.text"),
                        "explore.table", List.of("files", "data"),
                        "explore.matrix", List.of("files"),
                        "explore.projection", List.of("files", "explore.matrix"),
                        "explore.cluster", List.of("files", "explore.matrix"),
                        "explore.outlier", List.of("files", "explore.matrix", "explore.table"),
                        "explore.tree", List.of("files", "explore.matrix"),
                        "explore.baseline",
                                List.of(
                                        "files",
                                        "data",
                                        "evaluation",
                                        "explore.matrix",
                                        "explore.table",
                                        "explore.tree"),
                        "explore.text", List.of("files", "data", "evaluation", "explore.baseline")))
                .check(CLASSES);
    }

    @Test
    void knowsNoLibtorch() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLASSES);
    }

    @Test
    void keepsTheRulesOfEveryLibrary() {
        ArchitectureRules.checkLibrary(CLASSES);
    }
}
