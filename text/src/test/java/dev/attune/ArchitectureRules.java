package dev.attune;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The rules of ARCHITECTURE.md that every module is held to; a module's own stand in its ArchitectureTest. */
public final class ArchitectureRules {
    private static final String ROOT = "dev.attune.";

    /** Libraries report through SLF4J and small interfaces; what is printed, the command line prints. */
    public static final ArchRule NOTHING_PRINTS = CompositeArchRule.of(
                    noClasses().should().accessField(System.class, "out"))
            .and(noClasses().should().accessField(System.class, "err"))
            .and(noClasses()
                    .should()
                    .callMethodWhere(describe(
                            "a stack trace is printed",
                            call -> call.getName().equals("printStackTrace")
                                    && call.getTargetOwner().isAssignableTo(Throwable.class))))
            .allowEmptyShould(true);

    public static final ArchRule LOGS_THROUGH_SLF4J = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.logging..", "org.apache.log4j..", "org.apache.logging..");

    /** Such names say nothing of what the class is about. */
    public static final ArchRule NO_CATCH_ALL_NAMES =
            noClasses().should().haveNameMatching(".*[.$](Abstract\\w+|\\w*(Utils?|Helpers?|Manager|Base))");

    public static final ArchRule NULL_MARKED = classes()
            .should(new ArchCondition<>("be in a package with @NullMarked") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    boolean marked = type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked");
                    events.add(new SimpleConditionEvent(type, marked, type.getPackageName() + " of " + type.getName()));
                }
            });

    private ArchitectureRules() {}

    /** What every module is held to; the command line alone prints. */
    public static void checkLibrary(JavaClasses classes) {
        NOTHING_PRINTS.check(classes);
        checkModule(classes);
    }

    /** What every module is held to, the command line too. */
    public static void checkModule(JavaClasses classes) {
        Stream.of(LOGS_THROUGH_SLF4J, NO_CATCH_ALL_NAMES, NULL_MARKED).forEach(rule -> rule.check(classes));
    }

    /** The product classes of the module whose tests run, which Maven starts in the module's folder. */
    public static JavaClasses moduleClasses() {
        return new ClassFileImporter().importPath(Path.of("target", "classes"));
    }

    /**
     * Each package of {@code uses} depends on itself and those it is mapped to, and on no other package of the project;
     * and no class stands outside of them.
     */
    public static ArchRule direction(Map<String, List<String>> uses) {
        CompositeArchRule rule =
                CompositeArchRule.of(classes().should().resideInAnyPackage(patterns(uses.keySet().stream())));
        for (var entry : uses.entrySet()) {
            var allowed = Stream.concat(Stream.of(entry.getKey()), entry.getValue().stream());
            rule = rule.and(noClasses()
                    .that()
                    .resideInAPackage(ROOT + entry.getKey() + "..")
                    .should()
                    .dependOnClassesThat(resideInAPackage(ROOT + ".").and(resideOutsideOfPackages(patterns(allowed)))));
        }
        return rule.allowEmptyShould(true);
    }

    private static String[] patterns(Stream<String> packages) {
        return packages.map(name -> ROOT + name + "..").toArray(String[]::new);
    }
}
