package io.navarch.generator;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/// The Java names of the API's types and fields: `V1PodSpec` is `PodSpec`.
final class Naming {
    private static final Pattern MODEL = Pattern.compile("([A-Z][a-z]+)?V([12])([A-Z].*)");
    /// Of types with one name in several groups, these groups' go by it; the others' have the group before it.
    private static final List<String> FIRST = List.of("Core", "Authentication", "Rbac", "Admissionregistration");

    private final Map<String, String> types = new HashMap<>();

    /// @param models the models' names
    /// @param roots those that are kinds: their names come first
    Naming(Collection<String> models, Set<String> roots) {
        var byName = new HashMap<String, String>();
        for (var model : models) {
            var matcher = MODEL.matcher(model);
            if (!matcher.matches() || model.endsWith("List")) continue;
            byName.merge(matcher.group(3), model, (a, b) -> rank(a, roots) <= rank(b, roots) ? a : b);
        }
        byName.forEach((name, model) -> types.put(model, name));
        var taken = new HashSet<>(byName.keySet());
        for (var model : models) {
            var matcher = MODEL.matcher(model);
            if (!matcher.matches() || model.endsWith("List") || types.containsKey(model)) continue;
            var group = matcher.group(1);
            var name = group == null ? matcher.group(3) + "V" + matcher.group(2) : group + matcher.group(3);
            if (!taken.add(name)) throw new IllegalStateException("two types would be called " + name);
            types.put(model, name);
        }
    }

    private static int rank(String model, Set<String> roots) {
        var matcher = MODEL.matcher(model);
        if (!matcher.matches()) throw new IllegalArgumentException(model);
        int group = matcher.group(1) == null ? 5 : FIRST.indexOf(matcher.group(1));
        int version = matcher.group(2).equals("2") ? 0 : 10;
        return (roots.contains(model) ? 0 : 100) + version + (group < 0 ? 9 : group);
    }

    /// The models that get a type, with its name.
    Map<String, String> types() {
        return types;
    }

    /// The name of a model's type, `""` when it has none.
    String type(String model) {
        return types.getOrDefault(model, "");
    }

    /// The method that reads a field: its name, or as near to it as Java allows.
    static String method(String field) {
        var name = new StringBuilder();
        boolean upper = false;
        for (char each : field.toCharArray()) {
            boolean letter = Character.isJavaIdentifierPart(each) && each != '$';
            if (letter) name.append(upper && !name.isEmpty() ? Character.toUpperCase(each) : each);
            upper = !letter;
        }
        return SourceVersion.isKeyword(name) ? name + "Value" : name.toString();
    }

    static String capital(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /// `podCIDRs` is `POD_CIDRS`, `ReadWriteOnce` is `READ_WRITE_ONCE`.
    static String constant(String name) {
        if (name.equals("*")) return "ANY";
        var words = name.replaceAll("[^A-Za-z0-9]+", "_")
                .replaceAll("^_+", "")
                .replaceAll("([A-Z])([A-Z]+)s(?![a-z])", "$1$2S")
                .replaceAll("(IP|CIDR|URL|ID)v", "$1V")
                .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2");
        return words.toUpperCase(Locale.ROOT);
    }
}
