package io.navarch.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

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
                .check(Modules.classes(
                        "ours",
                        // A manager is what Kubernetes calls whoever owns fields.
                        type -> Modules.written(type) && !type.getFullName().endsWith(".ManagedFields$Manager")));
    }

    @Test
    void noFileTellsMoreThanOneStory() {
        var tooLong = Modules.sources().stream()
                .filter(file -> Modules.text(file).lines().count() > 500)
                .toList();
        assertThat(tooLong).isEmpty();
    }

    private static final Pattern QUALIFIED =
            Pattern.compile("(?<![\\w.\"])(?:java|javax|io\\.navarch)(?:\\.[a-z]\\w*)+\\.[A-Z]");

    /// Modules that still have such names; nobody adds to these.
    private static final List<String> NOT_YET =
            List.of("api/kinds", "api/schema", "control-plane/api-server", "control-plane/controllers", "node/agent");

    /// A name with its package in the middle of code hides a dependency.
    @Test
    void typesAreImported() {
        var found = new TreeSet<String>();
        for (var file : Modules.mainSources()) {
            if (NOT_YET.stream().anyMatch(Modules.relative(file)::startsWith)) continue;
            for (var line : Modules.text(file).lines().toList()) {
                var code = line.strip();
                if (List.of("import ", "package ", "//", "*").stream().anyMatch(code::startsWith)) continue;
                if (QUALIFIED
                        .matcher(code.replaceAll("\"(?:[^\"\\\\]|\\\\.)*\"", "\"\""))
                        .find()) found.add(Modules.relative(file) + ": " + code);
            }
        }
        assertThat(found).isEmpty();
    }
}
