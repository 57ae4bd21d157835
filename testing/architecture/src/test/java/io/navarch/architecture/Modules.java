package io.navarch.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The tree as the tests see it: main classes of every module, and its sources.
final class Modules {
    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.navarch");

    static final Path ROOT = root();

    private static final List<String> GENERATED = List.of(
            "io.navarch.cri.v1",
            "io.navarch.csi.v1",
            "io.navarch.csi.registration",
            "io.navarch.csi.deviceplugin",
            "io.navarch.csi.podresources");

    private Modules() {}

    private static Path root() {
        try {
            return Path.of("../..").toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JavaClasses classes(String description, Predicate<JavaClass> which) {
        return CLASSES.that(DescribedPredicate.describe(description, which));
    }

    /// Classes that protoc makes obey nobody's style.
    static boolean written(JavaClass type) {
        return GENERATED.stream().noneMatch(type.getPackageName()::startsWith);
    }

    /// Every Java file that somebody wrote: no generated ones.
    static List<Path> sources() {
        return files(path -> path.toString().endsWith(".java"));
    }

    /// The sources of the program itself.
    static List<Path> mainSources() {
        return sources().stream()
                .filter(path ->
                        path.toString().contains("/src/main/java/") && !path.startsWith(ROOT.resolve("testing")))
                .toList();
    }

    /// Folders of the modules that the program is made of, by their artifact.
    static Map<String, Path> folders() {
        var result = new TreeMap<String, Path>();
        for (var pom : files(path -> path.endsWith("pom.xml"))) {
            var folder = pom.getParent();
            if (!folder.equals(ROOT) && !folder.startsWith(ROOT.resolve("testing")))
                result.put(folder.getFileName().toString(), folder);
        }
        return result;
    }

    static String relative(Path path) {
        return ROOT.relativize(path).toString();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Predicate<Path> which) {
        try (Stream<Path> walk = Files.walk(ROOT)) {
            return walk.filter(path -> !path.toString().contains("/target/") && which.test(path))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
