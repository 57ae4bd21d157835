package io.navarch.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Build step: writes the sources of `io.navarch.model`. A source that would not change is left alone.
public final class ModelGenerator {
    private final Path folder;

    private ModelGenerator(Path folder) {
        this.folder = folder;
    }

    /// @param arguments the folder with the kinds' overlays, and the root of the sources to write
    public static void main(String[] arguments) throws Exception {
        var overlays = Overlays.below(Path.of(arguments[0]));
        var folder = Path.of(arguments[1]).resolve("io/navarch/model");
        Files.createDirectories(folder);
        new ModelGenerator(folder).write(overlays);
    }

    private void write(Overlays overlays) throws Exception {
        Set<String> roots = overlays.words().keySet().stream()
                .filter(about -> !overlays.value(about, "resource").isEmpty())
                .collect(Collectors.toSet());
        var naming = new Naming(ClientModels.names(), roots);
        var enums = new Enumerations(overlays, naming);
        for (var type : new TreeMap<>(naming.types()).entrySet()) {
            var properties = ClientModels.properties(ClientModels.model(type.getKey()));
            write(type.getValue(), StructureSource.of(type.getKey(), properties, naming, enums, overlays));
        }
        for (var source : enums.sources().entrySet()) write(source.getKey(), source.getValue());
        write("Resources", resources(overlays, naming, roots));
    }

    private static String resources(Overlays overlays, Naming naming, Set<String> roots) {
        var out = new StringBuilder("""
                package io.navarch.model;

                import io.navarch.objects.ResourceType;
                import java.util.List;

                /// The resources of the built-in kinds, in the version they are stored in.
                public final class Resources {
                """);
        var names = new TreeMap<String, String>();
        for (var root : roots.stream().sorted(Comparator.reverseOrder()).toList()) {
            var facts = overlays.value(root, "resource").split(",");
            var type = naming.type(root);
            var kind = root.replaceFirst("^([A-Z][a-z]+)?V[12]", "");
            var constant = constant(type, facts[2]);
            names.put(
                    constant,
                    "    public static final ResourceType<%s> %s =\n            new ResourceType<>(\"%s\", \"%s\", \"%s\", \"%s\", %s, %s::of);\n"
                            .formatted(
                                    type,
                                    constant,
                                    facts[0].equals("core") ? "" : facts[0],
                                    facts[1],
                                    facts[2],
                                    kind,
                                    facts[3].equals("namespaced"),
                                    type));
        }
        names.values().forEach(out::append);
        out.append("\n    public static final List<ResourceType<?>> ALL = List.of(\n            ")
                .append(String.join(",\n            ", names.keySet()))
                .append(");\n\n    private Resources() {}\n}\n");
        return out.toString();
    }

    /// `ReplicaSet`, `replicasets` is `REPLICA_SETS`.
    private static String constant(String type, String plural) {
        var one = Naming.constant(type);
        if (plural.endsWith("ies")) return one.substring(0, one.length() - 1) + "IES";
        if (plural.endsWith("sses") || plural.endsWith("uses")) return one + "ES";
        return one.endsWith("S") && !plural.endsWith("ss") ? one : one + "S";
    }

    private void write(String name, String source) throws IOException {
        var file = folder.resolve(name + ".java");
        if (Files.exists(file) && Files.readString(file).equals(source)) return;
        Files.writeString(file, source);
    }
}
