package io.navarch.cli;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// KubeconfigFile files: the administrator's, and the context `navarch` in the user's own.
public final class KubeconfigFile {
    private static final String NAME = "navarch";

    private KubeconfigFile() {}

    public static Map<String, Object> admin(String server, String authority, String certificate, String key) {
        return Trees.map(
                "apiVersion",
                "v1",
                "kind",
                "Config",
                "clusters",
                List.of(Trees.map(
                        "name",
                        NAME,
                        "cluster",
                        Trees.map("server", server, "certificate-authority-data", encoded(authority)))),
                "users",
                List.of(Trees.map(
                        "name",
                        NAME,
                        "user",
                        Trees.map("client-certificate-data", encoded(certificate), "client-key-data", encoded(key)))),
                "contexts",
                List.of(Trees.map("name", NAME, "context", Trees.map("cluster", NAME, "user", NAME))),
                "current-context",
                NAME);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    public static void write(Path file, Map<String, Object> config) throws IOException {
        AtomicFile.write(file, Yaml.write(config).getBytes(StandardCharsets.UTF_8), "rw-------");
    }

    /// Adds our cluster, user and context to the user's file and makes the context current.
    public static void merge(Path file, Map<String, Object> config) throws IOException {
        var target = read(file);
        remove(target);
        for (var section : List.of("clusters", "users", "contexts")) {
            Trees.childList(target, section).addAll(View.of(config).get(section).list());
        }
        var before = View.of(target).get("current-context").string();
        if (!before.isEmpty()) Trees.put(target, before, "preferences", "navarch-previous-context");
        target.put("current-context", NAME);
        write(file, target);
    }

    /// Removes what [#merge] added, and the file itself if nothing is left in it.
    public static void takeOut(Path file) throws IOException {
        if (!Files.exists(file)) return;
        var target = read(file);
        remove(target);
        boolean empty = List.of("clusters", "users", "contexts").stream()
                .allMatch(section -> View.of(target).get(section).list().isEmpty());
        if (empty) Files.delete(file);
        else write(file, target);
    }

    private static void remove(Map<String, Object> target) {
        for (var section : List.of("clusters", "users", "contexts")) {
            Trees.childList(target, section)
                    .removeIf(entry -> View.of(entry).get("name").string().equals(NAME));
        }
        var previous =
                View.of(target).get("preferences", "navarch-previous-context").string();
        if (View.of(target).get("current-context").string().equals(NAME)) target.put("current-context", previous);
        Trees.remove(target, "preferences", "navarch-previous-context");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> read(Path file) throws IOException {
        if (Files.exists(file) && Yaml.parse(Files.readString(file)) instanceof Map<?, ?> map)
            return (Map<String, Object>) map;
        return Trees.map("apiVersion", "v1", "kind", "Config", "preferences", Trees.map());
    }
}
