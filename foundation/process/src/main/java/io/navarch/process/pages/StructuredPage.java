package io.navarch.process.pages;

import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// A page for people, and the same as an object of `config.k8s.io` for whoever asks for exactly that.
///
/// @param kind such as `Statusz`
/// @param path such as `statusz`
/// @param text below the warning that nothing should rely on it
record StructuredPage(
        String component, String kind, String path, Supplier<String> text, Supplier<Map<String, Object>> fields) {
    private static final String GROUP = "config.k8s.io";
    private static final String OLD = "v1alpha1";
    private static final List<String> VERSIONS = List.of("v1beta1", OLD);
    private static final String JSON = "application/json";
    private static final String YAML = "application/yaml";
    private static final String PLAIN = "text/plain";
    private static final List<String> ACCEPTED = List.of(JSON, YAML, PLAIN);

    /// Longer headers are not looked at to their end.
    private static final int CLAUSES = 64;

    /// One of the types that a client takes.
    ///
    /// @param convert the version that is asked for; empty when no object is
    private record Wanted(String type, Optional<String> convert) {}

    Page answer(String accept) {
        if (accept.isBlank()) return plain();
        for (var clause : clauses(accept)) {
            var wanted = wanted(clause);
            if (wanted.isEmpty()) continue;
            return wanted.get()
                    .convert
                    .map(version -> object(wanted.get().type, version))
                    .orElseGet(this::plain);
        }
        var refusal = new ApiException(
                ApiException.Reason.NOT_ACCEPTABLE,
                "only the following media types are accepted: " + String.join(", ", ACCEPTED));
        return new Page(refusal.code(), JSON, Map.of(), Json.write(refusal.status()));
    }

    private Page plain() {
        return Page.text(
                200,
                "\n" + component + " " + path
                        + "\nWarning: This endpoint is not meant to be machine parseable, has no formatting"
                        + " compatibility guarantees and is for debugging purposes only.\n" + text.get());
    }

    private Page object(String type, String version) {
        var object =
                Trees.map("kind", kind, "apiVersion", GROUP + "/" + version, "metadata", Trees.map("name", component));
        object.putAll(fields.get());
        var bytes = type.equals(YAML) ? Yaml.writeSorted(object).getBytes(StandardCharsets.UTF_8) : Json.write(object);
        var full = type + ";g=" + GROUP + ";v=" + version + ";as=" + kind;
        var page = new Page(200, full, Map.of(), bytes);
        return version.equals(OLD)
                ? page.with(
                        "Warning",
                        "299 - \"This version of the " + path
                                + " endpoint is deprecated. Please use a newer version.\"")
                : page;
    }

    /// What is wanted most comes first.
    private static List<String[]> clauses(String accept) {
        var all = new ArrayList<String[]>();
        for (var clause : accept.split(",", CLAUSES)) all.add(clause.split(";", -1));
        all.sort(Comparator.comparingDouble(StructuredPage::quality).reversed());
        return all;
    }

    private static double quality(String[] clause) {
        for (var part : clause) {
            var text = part.strip();
            if (!text.startsWith("q=")) continue;
            try {
                return Double.parseDouble(text.substring(2));
            } catch (NumberFormatException e) {
                return 1;
            }
        }
        return 1;
    }

    /// An object only as one of this kind, and text only as it is.
    private Optional<Wanted> wanted(String[] clause) {
        var type = clause[0].strip();
        var asked = new HashMap<String, String>();
        for (int i = 1; i < clause.length; i++) {
            var pair = clause[i].strip().split("=", 2);
            if (pair.length == 2) asked.put(pair[0], pair[1]);
        }
        boolean converts = asked.containsKey("as") || asked.containsKey("g") || asked.containsKey("v");
        for (var accepted : ACCEPTED) {
            if (!type.equals(accepted) && !type.equals("*/*") && !type.equals(accepted.split("/")[0] + "/*")) continue;
            if (accepted.equals(PLAIN)) {
                if (!converts) return Optional.of(new Wanted(accepted, Optional.empty()));
            } else if (kind.equals(asked.get("as"))
                    && GROUP.equals(asked.get("g"))
                    && VERSIONS.contains(asked.getOrDefault("v", ""))) {
                return Optional.of(new Wanted(accepted, Optional.of(asked.getOrDefault("v", ""))));
            }
        }
        return Optional.empty();
    }
}
