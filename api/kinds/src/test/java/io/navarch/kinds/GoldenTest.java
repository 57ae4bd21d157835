package io.navarch.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.patch.MergePatch;
import io.navarch.schema.walk.CanonicalForm;
import io.navarch.schema.walk.GoTypeErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each kind's `golden.yaml`: an object that is accepted, changes of it that are not, changes that an existing one does
/// not take, and all the errors of each. `-Dgolden.rewrite=true` writes errors and defaults anew, to be read before
/// they are kept.
class GoldenTest {
    private static final Types TYPES = BuiltInKinds.types();
    private static final Path FOLDER = Path.of("src/test/resources/io/navarch/kinds");

    static Stream<Path> files() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.map(folder -> folder.resolve("golden.yaml")).sorted().toList().stream();
        }
    }

    private static KindDefinition kind(View object) {
        var apiVersion = object.get("apiVersion").string();
        return BuiltInKinds.all(TYPES).stream()
                .filter(kind -> kind.kind().equals(object.get("kind").string()))
                .filter(kind -> kind.versions().stream()
                        .anyMatch(version -> kind.apiVersion(version.name()).equals(apiVersion)))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Object> accepted(Path file) throws IOException {
        return Trees.copy(
                View.of(Yaml.parse(Files.readString(file))).get("accepted").map());
    }

    private static List<String> errors(KindDefinition kind, Map<String, Object> object, View old) {
        var schema = kind.storage().schema();
        kind.readOldForm(object);
        kind.normalise(object);
        var wrongType = GoTypeErrors.find(object, schema, kind.kind());
        if (wrongType.isPresent()) return List.of(wrongType.get());
        CanonicalForm.apply(object, schema);
        kind.applyDefaults(object);
        return kind.check(View.of(object), old).stream()
                .map(FieldError::toString)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("files")
    void goldenObjects(Path file) throws IOException {
        if (Boolean.getBoolean("golden.rewrite")) rewrite(file);
        var golden = View.of(Yaml.parse(Files.readString(file)));
        var kind = kind(golden.get("accepted"));
        var accepted = Trees.copy(golden.get("accepted").map());
        assertThat(errors(kind, accepted, View.ABSENT))
                .as("the accepted object")
                .isEmpty();
        for (var rejected : golden.get("rejected").views()) {
            var changed = MergePatch.apply(
                    Trees.copy(golden.get("accepted").map()),
                    rejected.get("change").value());
            assertThat(errors(kind, changed, View.ABSENT))
                    .as("%s", rejected.get("change").value())
                    .isNotEmpty()
                    .isEqualTo(rejected.get("errors").strings());
        }
        for (var update : golden.get("updates").views()) {
            var changed =
                    MergePatch.apply(Trees.copy(accepted), update.get("change").value());
            assertThat(errors(kind, changed, View.of(accepted)))
                    .as("update %s", update.get("change").value())
                    .isNotEmpty()
                    .isEqualTo(update.get("errors").strings());
        }
    }

    /// What is wrong after a write through the status endpoint.
    private static List<String> statusErrors(KindDefinition kind, Map<String, Object> changed, View old) {
        CanonicalForm.apply(changed, kind.storage().schema());
        kind.applyDefaults(changed);
        return kind.checkStatus(View.of(changed), old).stream()
                .map(FieldError::toString)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("files")
    void goldenStatuses(Path file) throws IOException {
        var golden = View.of(Yaml.parse(Files.readString(file)));
        var kind = kind(golden.get("accepted"));
        var accepted = accepted(file);
        errors(kind, accepted, View.ABSENT);
        assertThat(kind.checkStatus(View.of(accepted), View.of(accepted))).isEmpty();
        for (var status : golden.get("statuses").views()) {
            var changed =
                    MergePatch.apply(Trees.copy(accepted), status.get("change").value());
            assertThat(statusErrors(kind, changed, View.of(accepted)))
                    .as("status %s", status.get("change").value())
                    .isNotEmpty()
                    .isEqualTo(status.get("errors").strings());
        }
    }

    private static void rewrite(Path file) throws IOException {
        var text = Files.readAllLines(file);
        var golden = View.of(Yaml.parse(String.join("\n", text)));
        var kind = kind(golden.get("accepted"));
        var accepted = Trees.copy(golden.get("accepted").map());
        errors(kind, accepted, View.ABSENT);
        var out = new ArrayList<String>();
        var part = "";
        for (var line : text) {
            if (line.startsWith("  errors:") || line.startsWith("  - ") && !part.isEmpty()) continue;
            if (List.of("rejected:", "updates:", "statuses:").contains(line)) part = line;
            out.add(line);
            if (part.isEmpty() || !line.startsWith("- change: ")) continue;
            var change = Yaml.parse(line.substring("- change: ".length()));
            boolean update = !part.equals("rejected:");
            var base = update ? accepted : golden.get("accepted").map();
            var changed = MergePatch.apply(Trees.copy(base), change);
            var found = part.equals("statuses:")
                    ? statusErrors(kind, changed, View.of(accepted))
                    : errors(kind, changed, View.of(update ? accepted : null));
            out.add("  errors:");
            for (var error : found) out.add("  - " + Json.writeString(error));
        }
        Files.write(file, out);
    }

    /// `defaulted.yaml` beside it: the accepted object as it is stored.
    @ParameterizedTest
    @MethodSource("files")
    void defaultsAreThoseOfTheGoldenObject(Path file) throws IOException {
        var accepted = accepted(file);
        errors(kind(View.of(accepted)), accepted, View.ABSENT);
        var golden = file.resolveSibling("defaulted.yaml");
        if (Boolean.getBoolean("golden.rewrite")) Files.writeString(golden, Yaml.write(accepted));
        assertThat(Yaml.parse(Files.readString(golden))).isEqualTo(accepted);
    }

    @ParameterizedTest
    @MethodSource("files")
    void defaultsApplyOnceAndTheCanonicalFormIsStable(Path file) throws IOException {
        var accepted = accepted(file);
        var kind = kind(View.of(accepted));
        errors(kind, accepted, View.ABSENT);
        var again = Trees.copy(accepted);
        errors(kind, again, View.ABSENT);
        assertThat(again).isEqualTo(accepted);
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyServedVersionConvertsThereAndBack(Path file) throws IOException {
        var accepted = accepted(file);
        var kind = kind(View.of(accepted));
        errors(kind, accepted, View.ABSENT);
        for (var version : kind.versions()) {
            var there = version.fromStorage().apply(Trees.copy(accepted));
            var back = version.toStorage().apply(Json.parseMap(Json.write(there)));
            kind.applyDefaults(back);
            assertThat(Trees.semanticEquals(back, accepted))
                    .as("%s through %s", kind.kind(), there)
                    .isTrue();
        }
    }

    @Test
    void everyKindThatIsKeptHasGoldenObjects() throws IOException {
        var covered = new TreeSet<String>();
        files().forEach(file -> {
            try {
                covered.add(View.of(Yaml.parse(Files.readString(file)))
                        .get("accepted", "kind")
                        .string());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        for (var kind : BuiltInKinds.all(TYPES))
            if (kind.listable() && !kind.computed()) assertThat(covered).contains(kind.kind());
    }
}
