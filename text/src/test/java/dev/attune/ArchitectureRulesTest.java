package dev.attune;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.attune.files.Checksum;
import dev.attune.files.InputException;
import java.util.List;
import java.util.Map;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** A rule that cannot be broken holds nothing: each is broken here. */
class ArchitectureRulesTest {
    static class Prints {
        void print() {
            System.out.println();
        }
    }

    static class PrintsErrors {
        void print() {
            System.err.println();
        }
    }

    static class PrintsTraces {
        void print() {
            new IllegalStateException().printStackTrace();
        }
    }

    static class LogsElsewhere {
        Logger logger() {
            return Logger.getGlobal();
        }
    }

    static class NameHelper {}

    static class AbstractName {}

    @Test
    void printingIsSeen() {
        assertThat(holds(ArchitectureRules.NOTHING_PRINTS, Prints.class)).isFalse();
        assertThat(holds(ArchitectureRules.NOTHING_PRINTS, PrintsErrors.class)).isFalse();
        assertThat(holds(ArchitectureRules.NOTHING_PRINTS, PrintsTraces.class)).isFalse();
        assertThat(holds(ArchitectureRules.NOTHING_PRINTS, LogsElsewhere.class)).isTrue();
    }

    @Test
    void otherLoggingIsSeen() {
        assertThat(holds(ArchitectureRules.LOGS_THROUGH_SLF4J, LogsElsewhere.class))
                .isFalse();
        assertThat(holds(ArchitectureRules.LOGS_THROUGH_SLF4J, Prints.class)).isTrue();
    }

    @Test
    void catchAllNamesAreSeen() {
        assertThat(holds(ArchitectureRules.NO_CATCH_ALL_NAMES, NameHelper.class))
                .isFalse();
        assertThat(holds(ArchitectureRules.NO_CATCH_ALL_NAMES, AbstractName.class))
                .isFalse();
        assertThat(holds(ArchitectureRules.NO_CATCH_ALL_NAMES, Prints.class)).isTrue();
    }

    @Test
    void packagesWithoutNullMarkedAreSeen() {
        assertThat(holds(ArchitectureRules.NULL_MARKED, Prints.class)).isFalse();
        var files = new ClassFileImporter().importPackages("dev.attune.files");
        assertThat(ArchitectureRules.NULL_MARKED.evaluate(files).hasViolation()).isFalse();
    }

    @Test
    void wrongDirectionsAndUnknownPackagesAreSeen() {
        var downward = ArchitectureRules.direction(Map.of("files", List.of(), "data", List.of("files")));
        assertThat(holds(downward, InputException.class)).isTrue();
        var upward = ArchitectureRules.direction(Map.of("tokenizer", List.of()));
        var tokenizer = new ClassFileImporter().importPackages("dev.attune.tokenizer");
        assertThat(upward.evaluate(tokenizer).hasViolation()).isTrue();
        assertThat(holds(ArchitectureRules.direction(Map.of("data", List.of())), Checksum.class))
                .isFalse();
    }

    private static boolean holds(ArchRule rule, Class<?> type) {
        return !rule.evaluate(new ClassFileImporter().importClasses(type)).hasViolation();
    }
}
