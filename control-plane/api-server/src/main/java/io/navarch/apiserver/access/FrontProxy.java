package io.navarch.apiserver.access;

import io.navarch.apiserver.request.Call;
import io.navarch.schema.admission.User;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A proxy that has found out itself who calls, and says so in headers. Whether it is the proxy, its certificate says.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#authenticating-proxy
///
/// @param allowedNames common names of its certificate; none for any
/// @param extraPrefixes of headers with further attributes
public record FrontProxy(
        List<String> allowedNames,
        List<String> usernameHeaders,
        List<String> uidHeaders,
        List<String> groupHeaders,
        List<String> extraPrefixes) {

    /// The names that everybody uses; no call carries these any further, whoever has made it.
    public static final FrontProxy STANDARD = new FrontProxy(
            List.of(),
            List.of("X-Remote-User"),
            List.of("X-Remote-Uid"),
            List.of("X-Remote-Group"),
            List.of("X-Remote-Extra-"));

    public boolean mayBe(String commonName) {
        return allowedNames.isEmpty() || allowedNames.contains(commonName);
    }

    /// Whether a header is one of these.
    public boolean says(String header) {
        return any(usernameHeaders, header)
                || any(uidHeaders, header)
                || any(groupHeaders, header)
                || extraPrefixes.stream().anyMatch(prefix -> begins(header, prefix));
    }

    private static boolean any(List<String> names, String header) {
        return names.stream().anyMatch(header::equalsIgnoreCase);
    }

    private static boolean begins(String header, String prefix) {
        return header.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    /// Whom the headers name; empty if they name nobody.
    Optional<User> user(Call call) {
        var name = first(call, usernameHeaders);
        if (name.isEmpty()) return Optional.empty();
        var groups = new ArrayList<String>();
        for (var header : groupHeaders)
            for (var each : call.headers())
                if (each.getKey().equalsIgnoreCase(header) && !each.getValue().isEmpty()) groups.add(each.getValue());
        boolean said = groups.contains(User.AUTHENTICATED) || groups.containsAll(User.ANONYMOUS.groups());
        if (!said && !name.equals(User.ANONYMOUS.name())) groups.add(User.AUTHENTICATED);
        return Optional.of(new User(name, first(call, uidHeaders), List.copyOf(groups), extra(call)));
    }

    /// The first value that is not empty of the first header that has one.
    private static String first(Call call, List<String> names) {
        return names.stream()
                .map(call::header)
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse("");
    }

    private Map<String, List<String>> extra(Call call) {
        var extra = new LinkedHashMap<String, List<String>>();
        for (var prefix : extraPrefixes) {
            for (var each : call.headers()) {
                if (!begins(each.getKey(), prefix)) continue;
                var key = unescaped(each.getKey().substring(prefix.length()).toLowerCase(Locale.ROOT));
                extra.computeIfAbsent(key, none -> new ArrayList<>()).add(each.getValue());
            }
        }
        return extra;
    }

    /// A key with its `%2f` decoded; as it is if it is not such a text.
    private static String unescaped(String key) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) != '%') {
                bytes.writeBytes(key.substring(i, i + 1).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            if (!key.substring(i + 1, Math.min(i + 3, key.length())).matches("[0-9a-f]{2}")) return key;
            bytes.write(Integer.parseInt(key.substring(i + 1, i + 3), 16));
            i += 2;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
