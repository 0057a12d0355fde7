package dev.attune;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = ArchitectureRules.moduleClasses();

    @Test
    void everythingIsInOnePackage() {
        classes().should().resideInAPackage("dev.attune.cli..").check(CLASSES);
    }

    /** Commands are thin: tensors are the engine's matter. */
    @Test
    void commandsTouchNoTensors() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLASSES);
    }

    @Test
    void logsThroughSlf4j() {
        ArchitectureRules.LOGS_THROUGH_SLF4J.check(CLASSES);
    }

    @Test
    void namesSayWhatAClassIs() {
        ArchitectureRules.NO_CATCH_ALL_NAMES.check(CLASSES);
    }

    @Test
    void packagesAreNullMarked() {
        ArchitectureRules.NULL_MARKED.check(CLASSES);
    }
}
