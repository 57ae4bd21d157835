package io.navarch.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The directions of ARCHITECTURE.md, without a list of exceptions.
class DirectionsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.navarch");

    /// Module package → what it may use of ours besides itself.
    private static final Map<String, List<String>> ALLOWED = Map.ofEntries(
            Map.entry("objects", List.of()),
            Map.entry("model", List.of("objects")),
            Map.entry("process", List.of("objects")),
            Map.entry("http", List.of("objects", "process")),
            Map.entry("schema", List.of("objects", "process")),
            Map.entry("expressions", List.of()),
            Map.entry("kinds", List.of("objects", "model", "schema", "expressions")),
            Map.entry("store", List.of("process")),
            Map.entry("apiserver", List.of("objects", "model", "process", "http", "schema", "store")),
            Map.entry("client", List.of("objects", "model", "process", "http", "schema")),
            Map.entry("reconcile", List.of("objects", "model", "process", "client")),
            Map.entry("controllers", List.of("objects", "model", "process", "kinds", "client", "reconcile")),
            Map.entry("scheduler", List.of("objects", "model", "process", "kinds", "client", "reconcile")),
            Map.entry("bootstrap", List.of("objects", "model", "process", "schema", "kinds", "client", "reconcile")),
            Map.entry("inprocess", List.of("objects", "model", "http", "apiserver", "client")),
            Map.entry("pki", List.of("process", "controllers")),
            Map.entry("cri", List.of("process")),
            Map.entry("images", List.of("objects", "process", "http")),
            Map.entry("hollow", List.of("objects", "model", "process", "client")),
            Map.entry("agent", List.of("objects", "model", "process", "http", "client", "reconcile", "cri")),
            Map.entry("podnetwork", List.of("objects", "model", "process", "client", "reconcile")),
            Map.entry("serviceproxy", List.of("objects", "model", "process", "client", "reconcile")),
            Map.entry("dns", List.of("objects", "model", "process", "client", "reconcile")),
            Map.entry("ingress", List.of("objects", "model", "process", "http", "client", "reconcile")),
            Map.entry("cli", List.of("objects", "model", "process", "http", "client")));

    @Test
    void modulesUseOnlyWhatIsBelowThem() {
        ALLOWED.forEach((module, allowed) -> {
            var packages = new ArrayList<String>(List.of(
                    "io.navarch." + module + "..",
                    "java..",
                    "javax..",
                    "org..",
                    "com..",
                    "io.netty..",
                    "io.grpc..",
                    "dev.cel..",
                    "tools.jackson..",
                    "io.kubernetes..",
                    "io.swagger..",
                    ""));
            for (var each : allowed) packages.add("io.navarch." + each + "..");
            classes()
                    .that()
                    .resideInAPackage("io.navarch." + module + "..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(packages.toArray(String[]::new))
                    .check(CLASSES);
        });
    }

    @Test
    void controllersDoNotKnowEachOther() {
        slices().matching("io.navarch.controllers.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void decisionsAreFreeOfClocksAndInput() {
        for (var decision : List.of(
                "Rollout",
                "GarbageDecision",
                "EvictionDecision",
                "PodDecision",
                "PodStatus",
                "SchedulingCycle",
                "ProxyRules",
                "ClusterZone",
                "RoutingTable")) free(named(decision));
    }

    /// A controller decides with what it is given: it has no client, no clock and no log to ask or tell.
    @Test
    void controllersAreFreeOfClocksAndInput() {
        var controllers = CLASSES.that(DescribedPredicate.describe(
                "controllers", type -> type.isAssignableTo("io.navarch.reconcile.Controller") && !type.isInterface()));
        assertThat(controllers.size()).isGreaterThan(25);
        for (var controller : controllers) {
            // What is beside it in its package are the parts of its decision.
            free(CLASSES.that(DescribedPredicate.describe(
                    "of " + controller.getPackageName(),
                    type -> type.getPackageName().equals(controller.getPackageName()))));
        }
    }

    private static JavaClasses named(String simpleName) {
        var found = CLASSES.that(DescribedPredicate.describe(
                simpleName, type -> type.getSimpleName().equals(simpleName)));
        assertThat(found.size()).as(simpleName).isPositive();
        return found;
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

    @Test
    void namesSayWhatThingsAre() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .check(CLASSES.that(DescribedPredicate.describe(
                        "ours",
                        type -> !type.getPackageName().startsWith("io.navarch.cri.v1")
                                && !type.getFullName().endsWith(".ManagedFields$Manager"))));
    }

    @Test
    void noFileTellsMoreThanOneStory() throws IOException {
        var root = Path.of("../..").toRealPath();
        try (var walk = Files.walk(root)) {
            var tooLong = walk.filter(path -> path.toString().endsWith(".java")
                            && !path.toString().contains("/target/"))
                    .filter(path -> {
                        try (var lines = Files.lines(path)) {
                            return lines.count() > 500;
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
            assertThat(tooLong).isEmpty();
        }
    }
}
