package io.navarch.expressions.function;

import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Opaque;
import io.navarch.objects.Names;
import io.navarch.schema.types.Formats;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// A rule for texts that has a name.
///
/// @param pattern how long the pattern is that it is thought to be, for what it costs
public record NamedFormat(String name, int pattern, Check check) implements Opaque {
    /// Says what is wrong with a text.
    @FunctionalInterface
    interface Check {
        List<String> errors(String text);
    }

    /// Some find out by an exception that a text is none of theirs.
    private static final int OF_AN_ERROR = 500;

    private static final Map<String, NamedFormat> ALL = Map.ofEntries(
            entry("dns1123Label", "DNS1123Label", 30, Names::dnsLabel),
            entry("dns1123Subdomain", "DNS1123Subdomain", 60, Names::dnsSubdomain),
            entry("dns1035Label", "DNS1035Label", 30, Names::dns1035Label),
            entry("qualifiedName", "QualifiedName", 60, Names::qualifiedName),
            entry("dns1123LabelPrefix", "DNS1123LabelPrefix", 30, text -> Names.dnsLabel(begun(text))),
            entry("dns1123SubdomainPrefix", "DNS1123SubdomainPrefix", 60, text -> Names.dnsSubdomain(begun(text))),
            entry("dns1035LabelPrefix", "DNS1035LabelPrefix", 30, text -> Names.dns1035Label(begun(text))),
            entry("labelValue", "LabelValue", 40, Names::labelValue),
            entry(
                    "uri",
                    "URI",
                    1103,
                    text -> Optional.of(Url.wrong(text))
                            .filter(Predicate.not(String::isEmpty))
                            .map(List::of)
                            .orElse(List.of())),
            entry("uuid", "uuid", 70, of("uuid", "does not match the UUID format")),
            entry("byte", "byte", 84, of("byte", "invalid base64")),
            entry("date", "date", 71, of("date", "invalid date")),
            entry("datetime", "datetime", 71, of("datetime", "invalid datetime")));

    private static Map.Entry<String, NamedFormat> entry(String key, String name, int pattern, Check check) {
        return Map.entry(key, new NamedFormat(name, pattern, check));
    }

    private static Check of(String format, String error) {
        return text -> Formats.fits(format, text) ? List.of() : List.of(error);
    }

    /// What stands before a name that is to be made: it may end with a dash.
    private static String begun(String text) {
        return text.length() > 1 && text.endsWith("-") ? text.substring(0, text.length() - 2) + "a" : text;
    }

    static Map<String, Function> functions() {
        var functions = new HashMap<String, Function>();
        ALL.forEach((name, format) -> functions.put("format." + name, (arguments, budget) -> format));
        functions.put(
                "format.named",
                (arguments, budget) -> arguments[0] instanceof String name ? Optional.ofNullable(ALL.get(name)) : null);
        functions.put(
                "validate",
                (arguments, budget) -> arguments[0] instanceof NamedFormat format && arguments[1] instanceof String text
                        ? format.errors(text, budget)
                        : null);
        return functions;
    }

    private Optional<List<String>> errors(String text, Budget budget) {
        var errors = check.errors(text);
        if (errors.isEmpty()) return Optional.empty();
        budget.steps(OF_AN_ERROR);
        return Optional.of(errors);
    }

    @Override
    public boolean same(Opaque other) {
        return other instanceof NamedFormat format && name.equals(format.name);
    }

    @Override
    public String typeName() {
        return "kubernetes.NamedFormat";
    }
}
