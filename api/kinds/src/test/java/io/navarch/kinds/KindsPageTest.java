package io.navarch.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `docs/kinds.md` is what the definitions say. `-Dgolden.rewrite=true` writes it anew.
class KindsPageTest {
    private static final Path PAGE = Path.of("../../docs/kinds.md");
    private static final List<String> ALL =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    @Test
    void thePageIsUpToDate() throws IOException {
        var page = page();
        if (Boolean.getBoolean("golden.rewrite")) Files.writeString(PAGE, page);
        assertThat(Files.readString(PAGE)).isEqualTo(page);
    }

    private static String page() {
        var lines = new ArrayList<String>();
        lines.add("# Kinds");
        lines.add("");
        lines.add("Made from the definitions in `api/kinds` by `KindsPageTest`; a test fails when it is out of date.");
        lines.add("");
        lines.add(
                "Scope: N in a namespace, C in the cluster. Verbs: all eight unless said. Columns: those in brackets");
        lines.add(
                "show with `-o wide`. Every kind also has the field selectors `metadata.name` and `metadata.namespace`.");
        lines.add("");
        lines.add(
                "| Group and versions | Kind | Resource | Scope | Short names, categories | Verbs | Subresources | Field selectors | Columns |");
        lines.add("|---|---|---|---|---|---|---|---|---|");
        for (var kind : BuiltInKinds.all(BuiltInKinds.types())) lines.add(row(kind));
        return String.join("\n", lines) + "\n";
    }

    private static String row(KindDefinition kind) {
        var versions = kind.versions().stream().map(KindVersion::name).collect(Collectors.joining(", "));
        var names = new ArrayList<>(kind.shortNames());
        kind.categories().forEach(category -> names.add("*" + category + "*"));
        var subresources = new ArrayList<String>();
        kind.connects().forEach(connect -> subresources.add(connect.name()));
        if (kind.scale().isPresent()) subresources.add("scale");
        if (kind.hasStatus()) subresources.add("status");
        subresources.addAll(kind.parts().keySet());
        var columns = kind.versions().getFirst().columns().stream()
                .map(column -> column.priority() > 0 ? "[" + column.name() + "]" : column.name())
                .collect(Collectors.joining(", "));
        return "| "
                + String.join(
                        " | ",
                        (kind.group().isEmpty() ? "core" : kind.group()) + " " + versions,
                        kind.kind(),
                        kind.plural(),
                        kind.namespaced() ? "N" : "C",
                        String.join(", ", names),
                        kind.verbs().equals(ALL) ? "" : String.join(", ", kind.verbs()),
                        subresources.stream().sorted().collect(Collectors.joining(", ")),
                        String.join(", ", kind.fields().keySet()),
                        columns)
                + " |";
    }
}
