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
    void keepsTheRulesOfEveryModule() {
        ArchitectureRules.checkModule(CLASSES);
    }
}
