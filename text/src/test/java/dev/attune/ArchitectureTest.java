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
                        "files", List.of(),
                        "tokenizer", List.of("files"),
                        "jinja", List.of(),
                        "chat", List.of("files", "jinja", "tokenizer"),
                        "data", List.of("files"),
                        "evaluation", List.of("files", "data")))
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
