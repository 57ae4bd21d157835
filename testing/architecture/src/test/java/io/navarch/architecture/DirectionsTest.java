package io.navarch.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The directions of ARCHITECTURE.md: who may know whom, without a list of exceptions.
class DirectionsTest {
    /// A module's package, the packages of other modules that it may use, and those of third parties.
    record Module(String name, List<String> ours, List<String> theirs) {
        static Module of(String name, String ours, String... theirs) {
            return new Module(name, ours.isEmpty() ? List.of() : List.of(ours.split(" ")), List.of(theirs));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final String LOG = "org.slf4j..";
    /// TLS contexts, which our HTTP hands out and takes.
    private static final String TLS = "io.netty.handler.ssl..";

    static Stream<Module> modules() {
        return Stream.of(
                Module.of("objects", "", "tools.jackson.core..", "org.yaml.snakeyaml.."),
                Module.of("process", "objects", "com.sun.management", LOG),
                Module.of("http", "process", "io.netty..", LOG),
                Module.of("model", "objects"),
                Module.of("schema", "objects", "com.google.re2j"),
                Module.of("expressions", "objects schema", "dev.cel..", "com.google.common..", "com.google.re2j"),
                Module.of("kinds", "objects model schema expressions"),
                Module.of("store", "process", "org.rocksdb..", LOG),
                Module.of(
                        "encryption",
                        "objects process store",
                        "org.bouncycastle.crypto..",
                        "io.grpc..",
                        "com.google.protobuf",
                        "com.google.common..",
                        "io.netty..",
                        LOG),
                Module.of(
                        "apiserver",
                        "objects model process http schema store",
                        "com.nimbusds..",
                        "com.sun.management",
                        TLS,
                        LOG),
                Module.of(
                        "authentication",
                        "objects model process http schema expressions client",
                        "com.nimbusds..",
                        LOG),
                Module.of("authorization", "objects model process http schema expressions client apiserver", LOG),
                Module.of(
                        "aggregation", "objects model process http schema kinds client reconcile apiserver", TLS, LOG),
                Module.of("resourcemetrics", "objects model process http schema client apiserver", LOG),
                Module.of(
                        "tracing",
                        "objects process apiserver",
                        "io.grpc..",
                        "com.google.protobuf",
                        "com.google.common..",
                        "io.netty..",
                        LOG),
                Module.of("admission", "objects model process schema expressions client apiserver", LOG),
                Module.of("client", "objects model process http", TLS, LOG),
                Module.of("reconcile", "objects model process client", LOG),
                Module.of("controllers", "objects model process kinds client reconcile", LOG),
                Module.of("scheduler", "objects model process kinds client", LOG),
                Module.of("bootstrap", "objects model process schema kinds client reconcile", LOG),
                Module.of("inprocess", "objects http schema apiserver client", "io.netty.handler.codec.http"),
                // It signs what the kind CertificateSigningRequest has read, through the port of the controller.
                Module.of("pki", "process kinds controllers", "org.bouncycastle.."),
                Module.of(
                        "cri",
                        "objects process",
                        "io.grpc..",
                        "com.google.protobuf",
                        "com.google.common..",
                        "io.netty.."),
                Module.of("csi", "", "io.grpc..", "com.google.protobuf", "com.google.common..", "io.netty.."),
                Module.of("images", "objects model process http client", "org.apache.commons.compress..", LOG),
                Module.of(
                        "agent",
                        "objects model kinds process http client cri csi",
                        "io.grpc..",
                        "com.google.protobuf",
                        TLS,
                        LOG),
                Module.of("hollow", "objects model kinds process client cri agent", LOG),
                Module.of("join", "objects model kinds process http client", TLS, LOG),
                Module.of("podnetwork", "objects process", LOG),
                Module.of("serviceproxy", "objects model kinds process client", LOG),
                Module.of("dns", "objects model kinds process client", "org.xbill.DNS..", LOG),
                Module.of("ingress", "objects model kinds process http client", TLS, LOG),
                Module.of("cli", "objects model kinds process http client", TLS));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aModuleUsesOnlyWhatIsBelowIt(Module module) {
        var allowed = new ArrayList<>(
                List.of("java..", "javax..", "org.jspecify.annotations", "", "io.navarch." + module.name + ".."));
        for (var each : module.ours) allowed.add("io.navarch." + each + "..");
        allowed.addAll(module.theirs);
        classes()
                .that()
                .resideInAPackage("io.navarch." + module.name + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(String[]::new))
                .check(Modules.CLASSES);
    }

    @Test
    void everyModuleHasItsDirections() {
        var known = new TreeSet<>(modules().map(Module::name).toList());
        var packages = new TreeSet<String>();
        for (var type : Modules.CLASSES) packages.add(type.getPackageName().split("\\.")[2]);
        // The wiring knows everybody; what runs while building is not part of the program.
        packages.removeAll(List.of("apps", "architecture", "generator"));
        assertThat(packages).isEqualTo(known);
    }

    private static final Pattern DEPENDENCY =
            Pattern.compile("<groupId>io.navarch</groupId><artifactId>([\\w-]+)</artifactId></dependency>");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?io\\.navarch\\.(\\w+)");

    @Test
    void aModuleDeclaresWhatItImportsAndNothingElse() {
        Modules.folders().forEach((name, folder) -> {
            var declared = new TreeSet<String>();
            DEPENDENCY
                    .matcher(Modules.text(folder.resolve("pom.xml")))
                    .results()
                    .forEach(match -> declared.add(match.group(1).replace("-", "")));
            var imported = new TreeSet<String>();
            for (var source : Modules.mainSources()) {
                if (!source.startsWith(folder)) continue;
                IMPORT.matcher(Modules.text(source)).results().forEach(match -> imported.add(match.group(1)));
            }
            imported.remove(name.replace("-", ""));
            assertThat(declared).as("dependencies of %s", name).isEqualTo(imported);
        });
    }

    @Test
    void controllersDoNotKnowEachOther() {
        for (var type : Modules.CLASSES) {
            var own = controller(type);
            if (own.isEmpty()) continue;
            for (var dependency : type.getDirectDependenciesFromSelf()) {
                var other = controller(dependency.getTargetClass());
                assertThat(other).as(dependency.getDescription()).isIn("", own);
            }
        }
    }

    /// Of `io.navarch.controllers.job`, `job`; `""` for what all controllers share.
    private static String controller(JavaClass type) {
        var prefix = "io.navarch.controllers.";
        var name = type.getPackageName() + ".";
        return name.startsWith(prefix) ? name.substring(prefix.length()).split("\\.", 2)[0] : "";
    }
}
