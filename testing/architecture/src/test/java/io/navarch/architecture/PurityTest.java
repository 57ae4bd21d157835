package io.navarch.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Decisions are functions of what was observed and the time. They have no clock, client, log or file, not even
/// behind a function that they are given.
class PurityTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Rollout",
                "GarbageDecision",
                "EvictionDecision",
                "PodDecision",
                "PodTermination",
                "PodStatusReport",
                "NodeStatusReport",
                "Crashes",
                "Environment",
                "VolumeFiles",
                "SchedulingCycle",
                "ProxyRules",
                "ClusterZone",
                "RoutingTable"
            })
    void aDecisionIsFreeOfClocksAndInput(String name) {
        var decision = Modules.classes(name, type -> type.getSimpleName().equals(name));
        assertThat(decision.size()).as(name).isPositive();
        free(decision);
    }

    private static JavaClasses controllers() {
        var controllers = Modules.classes(
                "controllers", type -> type.isAssignableTo("io.navarch.reconcile.Controller") && !type.isInterface());
        assertThat(controllers.size()).isGreaterThan(25);
        return controllers;
    }

    /// What stands in a controller's package are the parts of its decision.
    @Test
    void controllersAreFreeOfClocksAndInput() {
        for (var controller : controllers()) {
            free(Modules.classes(
                    "of " + controller.getPackageName(),
                    type -> type.getPackageName().equals(controller.getPackageName())));
        }
    }

    private static void free(JavaClasses decisions) {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.InstantSource")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.navarch.client.Client")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.slf4j.Logger")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.nio.file")
                .check(decisions);
    }

    /// A controller is made of values: whoever makes it could hide a clock or a call behind a function.
    @Test
    void controllersAreMadeOfValues() {
        var found = new TreeSet<String>();
        for (var controller : controllers()) {
            for (var constructor : controller.getConstructors()) {
                if (constructor.getModifiers().contains(JavaModifier.PRIVATE)) continue;
                for (var parameter : constructor.getRawParameterTypes())
                    if (behaviour(parameter)) found.add(controller.getSimpleName() + " takes " + parameter.getName());
            }
        }
        assertThat(found).isEmpty();
    }

    private static final List<String> EFFECTS = List.of(
            "java.util.function.Supplier",
            "java.util.function.Consumer",
            "java.util.function.BiConsumer",
            "java.util.concurrent.Callable",
            "java.lang.Runnable");

    private static boolean behaviour(JavaClass type) {
        boolean ours = type.getPackageName().startsWith("io.navarch") && type.isInterface();
        boolean function = type.getPackageName().equals("java.util.function");
        return ours || function || EFFECTS.contains(type.getName());
    }
}
