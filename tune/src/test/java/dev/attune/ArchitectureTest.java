package dev.attune;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    /** Where a PointerScope may be opened: a training step, an evaluation batch, a block of a pass, a classify call, a load, a save. */
    private static final String[] OPENS_SCOPES = {
        "dev.attune.checkpoint.MiniLm",
        "dev.attune.checkpoint.SafetensorsFile",
        "dev.attune.checkpoint.SafetensorsWriter",
        "dev.attune.model.Blocks",
        "dev.attune.model.Families",
        "dev.attune.model.Int8Weight",
        "dev.attune.peft.Lora",
        "dev.attune.peft.SoftPrompt",
        "dev.attune.classifier.LabelClassifierFolder",
        "dev.attune.classifier.LabelScorer",
        "dev.attune.classifier.TextClassifier",
        "dev.attune.classifier.TextEmbedder",
        "dev.attune.generation.TextGenerator",
        "dev.attune.training.GradientCheckpointing",
        "dev.attune.training.LabelObjective",
        "dev.attune.training.PartScores",
        "dev.attune.training.ContrastiveObjective",
        "dev.attune.training.DenseNetwork",
        "dev.attune.training.DenseObjective",
        "dev.attune.training.Features",
        "dev.attune.training.LogisticRegression",
        "dev.attune.training.Rehearsal",
        "dev.attune.training.Trainer",
        "dev.attune.training.TrainingState",
        "dev.attune.training.TrunkCache",
    };

    /** What users of the library call: these exchange records, strings and arrays, never tensors. */
    private static final String[] WITHOUT_TENSORS = {
        "dev\\.attune\\.recipe\\..*",
        "dev\\.attune\\.generation\\..*",
        "dev\\.attune\\.classifier\\.(TextClassifier|TextEmbedder|Prediction)([.$].*)?"
    };

    private static final ArchRule NO_STATIC_POINTERS = noFields()
            .that()
            .areStatic()
            .should()
            .haveRawType(assignableTo(Pointer.class))
            .allowEmptyShould(true);

    private static final ArchRule SCOPES_ONLY_WHERE_LISTED = noClasses()
            .that(describe(
                    "are not listed",
                    type -> Stream.of(OPENS_SCOPES)
                            .noneMatch(name -> type.getName().equals(name)
                                    || type.getName().startsWith(name + "$"))))
            .should()
            .callConstructorWhere(describe(
                    "a PointerScope is opened", call -> call.getTargetOwner().isAssignableTo(PointerScope.class)));

    private static final ArchCondition<JavaMethod> EXCHANGE_NO_TENSORS =
            new ArchCondition<>("exchange no types of org.bytedeco") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                    boolean tensors = Stream.concat(
                                    method.getAllInvolvedRawTypes().stream(), Stream.of(method.getRawReturnType()))
                            .map(JavaClass::getBaseComponentType)
                            .anyMatch(type -> type.getPackageName().startsWith("org.bytedeco"));
                    events.add(new SimpleConditionEvent(method, !tensors, method.getFullName()));
                }
            };

    private static final JavaClasses CLASSES = ArchitectureRules.moduleClasses();

    static class HoldsATensor {
        static @Nullable Tensor held;
    }

    static class OpensAScope {
        PointerScope open() {
            return new PointerScope();
        }
    }

    static class TakesTensors {
        public void take(List<Tensor[]> tensors) {
            tensors.clear();
        }

        public float[] classify(String text) {
            return new float[text.length()];
        }
    }

    @Test
    void packagesDependDownwardsOnly() {
        ArchitectureRules.direction(Map.of(
                        "torch", onText(),
                        "checkpoint", onText("torch"),
                        "model", onText("checkpoint", "torch"),
                        "peft", onText("model", "checkpoint", "torch"),
                        "classifier", onText("peft", "model", "checkpoint", "torch"),
                        "generation", onText("peft", "model", "checkpoint", "torch"),
                        "training", onText("classifier", "generation", "peft", "model", "checkpoint", "torch"),
                        "recipe",
                                onText("training", "classifier", "generation", "peft", "model", "checkpoint", "torch")))
                .check(CLASSES);
    }

    @Test
    void noTensorIsStatic() {
        NO_STATIC_POINTERS.check(CLASSES);
        assertThat(holds(NO_STATIC_POINTERS, HoldsATensor.class)).isFalse();
    }

    @Test
    void scopesOpenInFewPlaces() {
        SCOPES_ONLY_WHERE_LISTED.check(CLASSES);
        assertThat(holds(SCOPES_ONLY_WHERE_LISTED, OpensAScope.class)).isFalse();
        assertThat(OPENS_SCOPES).allMatch(CLASSES::contain);
    }

    @Test
    void whatUsersCallExchangesNoTensors() {
        methods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .haveNameMatching(String.join("|", WITHOUT_TENSORS))
                .should(EXCHANGE_NO_TENSORS)
                .allowEmptyShould(true)
                .check(CLASSES);
        assertThat(holds(methods().should(EXCHANGE_NO_TENSORS), TakesTensors.class))
                .isFalse();
        assertThat(holds(methods().that().haveName("classify").should(EXCHANGE_NO_TENSORS), TakesTensors.class))
                .isTrue();
    }

    @Test
    void keepsTheRulesOfEveryLibrary() {
        ArchitectureRules.checkLibrary(CLASSES);
    }

    private static List<String> onText(String... packages) {
        return Stream.concat(Stream.of("files", "data", "tokenizer", "evaluation"), Stream.of(packages))
                .toList();
    }

    private static boolean holds(ArchRule rule, Class<?> type) {
        return !rule.evaluate(new ClassFileImporter().importClasses(type)).hasViolation();
    }
}
