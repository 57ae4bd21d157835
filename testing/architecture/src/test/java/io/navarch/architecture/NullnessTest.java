package io.navarch.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// There is one way to say nothing, and the compiler checks it where a package is `@NullMarked`.
class NullnessTest {
    /// Packages, with those below them, that are still to be marked; nobody adds to these.
    private static final List<String> NOT_YET = List.of(
            "io.navarch.controllers",
            "io.navarch.dns",
            "io.navarch.ingress",
            "io.navarch.podnetwork",
            "io.navarch.serviceproxy");

    @Test
    void everyPackageIsNullMarked() {
        var marked = new TreeSet<String>();
        var all = new TreeSet<String>();
        for (var type : Modules.classes("ours", Modules::written)) {
            all.add(type.getPackageName());
            if (type.getSimpleName().equals("package-info")
                    && type.isAnnotatedWith("org.jspecify.annotations.NullMarked")) marked.add(type.getPackageName());
        }
        all.removeAll(marked);
        all.removeIf(name -> NOT_YET.stream().anyMatch(prefix -> (name + ".").startsWith(prefix + ".")));
        assertThat(all).isEmpty();
    }
}
