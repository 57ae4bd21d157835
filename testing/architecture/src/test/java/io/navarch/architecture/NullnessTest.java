package io.navarch.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// There is one way to say nothing, and the compiler checks it where a package is `@NullMarked`.
class NullnessTest {
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
        assertThat(all).isEmpty();
    }
}
