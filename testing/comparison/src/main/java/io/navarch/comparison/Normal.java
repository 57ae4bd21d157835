package io.navarch.comparison;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Takes out of an answer what must differ between two servers: identities, versions, times, addresses and ports that
/// the server chose. Whether such a thing is there stays.
public final class Normal {
    private static final String ANY = "*";

    /// Fields whose value each server chooses for itself.
    private static final Set<String> CHOSEN = Set.of("uid", "resourceVersion", "clusterIP", "healthCheckNodePort");

    /// Labels with the name of a job, whose end a server may have made.
    private static final Set<String> JOB_NAMES = Set.of("job-name", "batch.kubernetes.io/job-name");

    private static final Pattern GENERATED = Pattern.compile("-?[bcdfghjklmnpqrstvwxz2456789]{5}$");

    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    /// Times of this century's second quarter: of the run, not of the input.
    private static final Pattern NOW = Pattern.compile("202[6-9]-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");

    /// A version inside of an object that is quoted in a message.
    private static final Pattern QUOTED_VERSION = Pattern.compile("(\\\\\"resourceVersion\\\\\":\\\\\")\\d+");
    private static final Pattern YAML_VERSION = Pattern.compile("(resourceVersion: [\"'])\\d+");
    private static final Pattern IN_RECORD =
            Pattern.compile("(the ResourceVersion in record \\(|ResourceVersion in object meta: )\\d+");
    private static final Pattern CURRENT = Pattern.compile("(Too large resource version: \\d+, current: )\\d+");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("10\\.(0|96)\\.\\d+\\.\\d+");
    private static final Pattern TOKEN_VOLUME = Pattern.compile("kube-api-access-[a-z0-9]{5}");
    /// What the original shows of two versions of its own structures in Go; Navarch has none.
    private static final Pattern INNER_DIFFERENCE =
            Pattern.compile("\\n@@ -\\d+,(?s:.*?)(?=, [a-z][a-zA-Z]*[.:]|]\\z| \\(FieldValue[A-Za-z]+\\)$|\\z)");

    private static final Pattern CREDENTIAL = Pattern.compile("X509SHA256=[0-9a-f]{64}");

    private static final Pattern AUDIENCE = Pattern.compile("https://kubernetes\\.default\\.svc[a-z.]*");

    private static final String SHOWN = "Invalid value: ";
    private static final String QUOTED = SHOWN + "\"";

    private Normal() {}

    public static @Nullable Object of(@Nullable Object tree) {
        return switch (tree) {
            case Map<?, ?> map -> map(map);
            case List<?> list -> {
                var result = new ArrayList<@Nullable Object>();
                for (var element : OwnParts.without(list)) result.add(of(element));
                yield result;
            }
            case String text -> text(text);
            case null, default -> tree;
        };
    }

    private static Map<String, Object> map(Map<?, ?> map) {
        var result = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> {
            var name = String.valueOf(key);
            boolean port = name.equals("nodePort") && value instanceof Number number && number.longValue() >= 30_000;
            boolean chosen = CHOSEN.contains(name)
                    && (value instanceof Number number && number.longValue() > 0
                            || value instanceof String text && !text.isEmpty() && !text.equals("None"));
            // Where to go on with a list is told in a form of each server's own.
            boolean token = name.equals("continue") && value instanceof String text && !text.isEmpty();
            boolean made = name.equals("name") && map.get("generateName") instanceof String;
            if (JOB_NAMES.contains(name) && value instanceof String text)
                result.put(name, GENERATED.matcher(text).replaceAll("-*"));
            else if (name.equals("managedFields") && value instanceof List<?> owners) result.put(name, ordered(owners));
            else if (name.equals("columnDefinitions") && value instanceof List<?> columns)
                result.put(name, undescribed(columns));
            else result.put(name, port || chosen || made || token ? ANY : of(value));
        });
        return result;
    }

    /// A structure that is shown in a message is the original's own one in Go, with fields that clients never see; what
    /// stands around it stays.
    private static String structuresShown(String message) {
        for (int at = message.indexOf(SHOWN); at >= 0; at = message.indexOf(SHOWN, at + 1)) {
            int begin = at + SHOWN.length();
            int end = message.startsWith("{", begin) || message.startsWith("[{", begin) ? end(message, begin) : begin;
            if (end > begin) return message.substring(0, begin) + "{*}" + structuresShown(message.substring(end));
        }
        return message;
    }

    /// Where the object or list that begins there ends; behind the message if it does not.
    private static int end(String message, int begin) {
        int depth = 0;
        boolean inText = false;
        for (int i = begin; i < message.length(); i++) {
            char c = message.charAt(i);
            if (inText && c == '\\') i++;
            else if (c == '"') inText = !inText;
            else if (!inText && (c == '{' || c == '[')) depth++;
            else if (!inText && (c == '}' || c == ']') && --depth == 0) return i + 1;
        }
        return message.length();
    }

    /// Owners stand in the order of their times, and which second it is differs from server to server.
    private static List<?> ordered(List<?> owners) {
        return owners.stream()
                .<@Nullable Object>map(Normal::of)
                .sorted(Comparator.comparing(Normal::owner))
                .toList();
    }

    private static String owner(@Nullable Object entry) {
        var view = View.of(entry);
        return Stream.of("operation", "manager", "apiVersion", "subresource")
                .map(field -> view.get(field).string())
                .collect(Collectors.joining(" "));
    }

    /// What columns are about is told in words of each server's own.
    private static List<?> undescribed(List<?> columns) {
        return columns.stream()
                .map(column -> {
                    if (!(column instanceof Map<?, ?> map)) return column;
                    var copy = new LinkedHashMap<Object, Object>(map);
                    copy.remove("description");
                    return copy;
                })
                .toList();
    }

    /// An object that is quoted in a message has its fields in whatever order.
    private static String objectsSorted(String message) {
        int start = message.indexOf(QUOTED + "{");
        if (start < 0) return message;
        int begin = start + QUOTED.length() - 1;
        int end = begin + 1;
        while (end < message.length() && message.charAt(end) != '"') end += message.charAt(end) == '\\' ? 2 : 1;
        if (end >= message.length()) return message;
        return message.substring(0, begin)
                + sorted(message.substring(begin, end + 1))
                + objectsSorted(message.substring(end + 1));
    }

    private static String sorted(String quoted) {
        try {
            var object = Json.parse((String) Objects.requireNonNull(Json.parse(quoted)));
            return object instanceof Map<?, ?> ? String.valueOf(Trees.sorted(of(object))) : quoted;
        } catch (Json.MalformedException e) {
            return quoted;
        }
    }

    public static String text(String message) {
        var result = UUID.matcher(structuresShown(objectsSorted(message))).replaceAll(ANY);
        result = NOW.matcher(result).replaceAll(ANY);
        result = TOKEN_VOLUME.matcher(result).replaceAll("kube-api-access-*");
        result = INNER_DIFFERENCE.matcher(result).replaceAll("");
        result = CREDENTIAL.matcher(result).replaceAll("X509SHA256=*");
        result = AUDIENCE.matcher(result).replaceAll("https://kubernetes.default.svc");
        result = QUOTED_VERSION.matcher(result).replaceAll("$1*");
        result = YAML_VERSION.matcher(result).replaceAll("$1*");
        result = IN_RECORD.matcher(result).replaceAll("$1*");
        result = CURRENT.matcher(result).replaceAll("$1*");
        return SERVICE_ADDRESS.matcher(result).replaceAll(ANY);
    }
}
