package io.navarch.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What a reader may rely on: names that say what things are, and files that tell one story.
class StyleTest {
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
                .check(Modules.classes("ours", Modules::written));
    }

    @Test
    void noFileTellsMoreThanOneStory() {
        var tooLong = Modules.sources().stream()
                .filter(file -> Modules.text(file).lines().count() > 500)
                .toList();
        assertThat(tooLong).isEmpty();
    }

    private static final Pattern QUALIFIED =
            Pattern.compile("(?<![\\w.\"])(?:java|javax|io\\.navarch)(?:\\.[a-z]\\w*)+\\.([A-Z]\\w*)");

    /// A name with its package in the middle of code hides a dependency. Where two types have the same name,
    /// only one can be imported.
    @Test
    void typesAreImported() {
        var found = new TreeSet<String>();
        for (var file : Modules.mainSources()) {
            var text = Modules.text(file);
            for (var line : text.lines().toList()) {
                var code = line.strip();
                if (List.of("import ", "package ", "//", "*").stream().anyMatch(code::startsWith)) continue;
                QUALIFIED
                        .matcher(code.replaceAll("\"(?:[^\"\\\\]|\\\\.)*\"", "\"\""))
                        .results()
                        .filter(match -> !taken(file, text, match.group(1)))
                        .forEach(match -> found.add(Modules.relative(file) + ": " + code));
            }
        }
        assertThat(found).isEmpty();
    }

    private static boolean taken(Path file, String text, String name) {
        return Files.exists(file.resolveSibling(name + ".java")) || text.contains("." + name + ";\n");
    }
}
