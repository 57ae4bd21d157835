package io.navarch.comparison.generate;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A kind with an object that is accepted, and changes of it.
///
/// @param changes merge patches of the object
public record Sample(KindDefinition kind, KindVersion version, Map<String, Object> object, List<Object> changes) {
    /// Where objects of kinds with namespaces stand.
    public static final String NAMESPACE = "compared";

    /// The kinds' own examples, one for each version that is served.
    ///
    /// @param folder with a `golden.yaml` below a folder for each kind
    public static List<Sample> all(Path folder, List<KindDefinition> kinds) throws IOException {
        var result = new ArrayList<Sample>();
        try (var folders = Files.list(folder)) {
            for (var each : folders.sorted().toList()) {
                var golden = View.of(Yaml.parse(Files.readString(each.resolve("golden.yaml"))));
                for (var kind : kinds) result.addAll(of(kind, golden));
            }
        }
        return result;
    }

    private static List<Sample> of(KindDefinition kind, View golden) {
        var object = golden.get("accepted");
        var result = new ArrayList<Sample>();
        var same = kind.versions().stream()
                .filter(KindVersion::served)
                .filter(version -> kind.kind().equals(object.get("kind").string()))
                .toList();
        boolean ours = same.stream()
                .anyMatch(version -> kind.apiVersion(version.name())
                        .equals(object.get("apiVersion").string()));
        if (!ours) return result;
        var changes = new ArrayList<Object>();
        for (var list : List.of("rejected", "updates"))
            for (var entry : golden.get(list).views())
                changes.add(entry.get("change").map());
        for (var version : same) {
            var copy = version.fromStorage().apply(Trees.copy(object.map()));
            copy.put("apiVersion", kind.apiVersion(version.name()));
            if (kind.namespaced()) Trees.put(copy, NAMESPACE, "metadata", "namespace");
            result.add(new Sample(kind, version, copy, changes));
        }
        return result;
    }

    public String name() {
        return kind.qualified() + "/" + version.name();
    }

    /// Where its facts are kept.
    public String file() {
        return name().replace('/', '-') + ".txt";
    }

    Optional<String> objectName() {
        return Optional.of(View.of(object).name()).filter(name -> !name.isEmpty());
    }

    /// Where objects of this kind are created.
    String collection() {
        var prefix = kind.group().isEmpty() ? "/api/" : "/apis/" + kind.group() + "/";
        var namespace = kind.namespaced() ? "/namespaces/" + NAMESPACE : "";
        return prefix + version.name() + namespace + "/" + kind.plural();
    }
}
