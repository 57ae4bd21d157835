package io.navarch.apiserver.access;

import io.navarch.objects.FieldError;
import io.navarch.objects.GoText;
import io.navarch.objects.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What extra values must be like to be impersonated by a constrained right.
final class ExtraRules {
    private static final String PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
    private static final Pattern PATHS = Pattern.compile(PATH);

    private ExtraRules() {}

    /// What is wrong with them.
    static Optional<String> violation(Map<String, List<String>> extra) {
        return extra.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> violation(entry.getKey(), entry.getValue()).stream())
                .findFirst();
    }

    private static Optional<String> violation(String key, List<String> values) {
        if (key.isEmpty()) return Optional.of("impersonating the empty string key in extra is not allowed");
        var errors = path(key);
        if (!errors.isEmpty())
            return Optional.of("impersonating an invalid key in extra is not allowed: " + Forbidden.joined(errors));
        if (!key.equals(key.toLowerCase(Locale.ROOT)))
            return Optional.of("impersonating a non-lowercase key in extra is not allowed: " + GoText.quoted(key));
        return values.contains("")
                ? Optional.of("impersonating the empty string value in extra is not allowed")
                : Optional.empty();
    }

    /// A path that begins with a domain, such as `example.com/reason`.
    private static List<String> path(String key) {
        int slash = key.indexOf('/');
        if (slash <= 0 || slash == key.length() - 1)
            return List.of(error(key, "must be a domain-prefixed path (such as \"acme.io/foo\")"));
        var host = key.substring(0, slash);
        var errors = new ArrayList<String>();
        for (var why : Names.dnsSubdomain(host)) errors.add(error(host, why));
        var rest = key.substring(slash + 1);
        if (!PATHS.matcher(rest).matches())
            errors.add(error(rest, "Invalid path (regex used for validation is '" + PATH + "')"));
        return errors;
    }

    private static String error(String value, String why) {
        return FieldError.invalid("extra.key", value, why).toString();
    }
}
