package io.navarch.generator;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Fields with known values: closed sets (`enum=`, `values=`) become enums, open ones (`constants=`) constants.
final class Enumerations {
    /// Names that say nothing without the structure they stand in.
    private static final Set<String> VAGUE =
            Set.of("type", "name", "operator", "effect", "phase", "status", "action", "scope", "kind", "scopes");

    private final Overlays overlays;
    private final Naming naming;
    private final Map<String, Set<String>> closed = new TreeMap<>();
    private final Map<String, List<String>> open = new TreeMap<>();

    Enumerations(Overlays overlays, Naming naming) {
        this.overlays = overlays;
        this.naming = naming;
        for (var about : overlays.words().keySet()) {
            var name = nameOf(about);
            var values = valuesOf(about);
            var constants = overlays.value(about, "constants");
            if (!values.isEmpty())
                closed.computeIfAbsent(name, each -> new LinkedHashSet<>()).addAll(values);
            if (!constants.isEmpty()) open.put(name, List.of(constants.split(",")));
        }
    }

    private List<String> valuesOf(String about) {
        var checked = overlays.value(about, "enum");
        var known = checked.isEmpty() ? overlays.value(about, "values") : checked;
        return known.isEmpty() ? List.of() : List.of(known.split(","));
    }

    private String nameOf(String about) {
        var named = overlays.value(about, "named");
        if (!named.isEmpty()) return named;
        int dot = about.indexOf('.');
        var field = about.substring(dot + 1);
        return VAGUE.contains(field)
                ? naming.type(about.substring(0, Math.max(0, dot))) + Naming.capital(field)
                : Naming.capital(field);
    }

    /// The enum of a field, if its values are a closed set.
    Optional<String> of(String model, String field) {
        if (field.equals("status") && model.endsWith("Condition")) return Optional.of("ConditionStatus");
        var about = model + "." + field;
        return valuesOf(about).isEmpty() ? Optional.empty() : Optional.of(nameOf(about));
    }

    /// The sources by simple class name.
    Map<String, String> sources() {
        var result = new LinkedHashMap<String, String>();
        closed.forEach((name, values) -> result.put(name, enumeration(name, values)));
        open.forEach((name, values) -> result.put(name, constants(name, values)));
        return result;
    }

    private static String enumeration(String name, Set<String> values) {
        var out = new StringBuilder("package io.navarch.model;\n\npublic enum " + name + " implements Enumeration {\n");
        for (var value : values) out.append("    %s(\"%s\"),\n".formatted(Naming.constant(value), value));
        out.append("    UNSET(\"\"),\n    UNRECOGNIZED(\"\");\n\n    private final String text;\n\n");
        out.append("    %s(String text) {\n        this.text = text;\n    }\n\n".formatted(name));
        out.append("    @Override\n    public String text() {\n        return text;\n    }\n\n");
        out.append("    public static %s of(String text) {\n        return switch (text) {\n".formatted(name));
        out.append("            case \"\" -> UNSET;\n");
        for (var value : values)
            out.append("            case \"%s\" -> %s;\n".formatted(value, Naming.constant(value)));
        out.append("            default -> UNRECOGNIZED;\n        };\n    }\n\n");
        out.append("    @Override\n    public String toString() {\n        return text;\n    }\n}\n");
        return out.toString();
    }

    private static String constants(String name, List<String> values) {
        var out = new StringBuilder("package io.navarch.model;\n\npublic final class " + name + " {\n");
        for (var value : values)
            out.append("    public static final String %s = \"%s\";\n".formatted(Naming.constant(value), value));
        return out.append("\n    private ").append(name).append("() {}\n}\n").toString();
    }
}
