package io.navarch.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A conjunction of `path=value` and `path!=value` terms, as the `fieldSelector` query parameter has them.
public record FieldSelector(List<Term> terms) {
    public record Term(String path, boolean equal, String value) {}

    public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    /// @throws IllegalArgumentException when a term has no operator
    public static FieldSelector parse(String text) {
        if (text == null || text.isBlank()) return EVERYTHING;
        var result = new ArrayList<Term>();
        for (var part : text.split("(?<!\\\\),")) {
            if (part.isEmpty()) continue;
            int at = part.indexOf('=');
            if (at <= 0) {
                throw new IllegalArgumentException("invalid selector: '" + part + "'; can't understand '" + part + "'");
            }
            boolean equal = part.charAt(at - 1) != '!';
            int valueAt = part.startsWith("==", at) ? at + 2 : at + 1;
            var value = part.substring(valueAt)
                    .replace("\\,", ",")
                    .replace("\\=", "=")
                    .replace("\\\\", "\\");
            result.add(new Term(part.substring(0, equal ? at : at - 1), equal, value));
        }
        return new FieldSelector(result);
    }

    public boolean isEmpty() {
        return terms.isEmpty();
    }

    public boolean matches(Function<String, String> fields) {
        return terms.stream().allMatch(term -> fields.apply(term.path).equals(term.value) == term.equal);
    }
}
