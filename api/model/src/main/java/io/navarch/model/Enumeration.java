package io.navarch.model;

import java.util.LinkedHashSet;
import java.util.Set;

/// The values of a field that has a closed set of them. Every enumeration also has `UNSET` (the field is absent or
/// empty) and `UNRECOGNIZED` (a value that this version does not know).
public interface Enumeration {
    /// As it is written in the API, `""` for `UNSET` and `UNRECOGNIZED`.
    String text();

    /// Whether the field is there and its value is one of those that this version knows.
    default boolean known() {
        return !text().isEmpty();
    }

    /// The texts of an enumeration's known values.
    static Set<String> texts(Enumeration... values) {
        var texts = new LinkedHashSet<String>();
        for (var value : values) if (!value.text().isEmpty()) texts.add(value.text());
        return texts;
    }
}
