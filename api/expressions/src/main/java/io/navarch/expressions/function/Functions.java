package io.navarch.expressions.function;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All functions by name.
public final class Functions {
    private final Map<String, Function> all = new HashMap<>();

    public Functions() {
        all.putAll(Arithmetic.FUNCTIONS);
        all.putAll(Comparisons.FUNCTIONS);
        all.putAll(Conversions.FUNCTIONS);
        all.putAll(Times.FUNCTIONS);
        all.putAll(Strings.FUNCTIONS);
        all.putAll(Patterns.FUNCTIONS);
        all.putAll(Lists.FUNCTIONS);
        all.putAll(Optionals.FUNCTIONS);
        all.putAll(Url.FUNCTIONS);
        all.putAll(Networks.FUNCTIONS);
        all.putAll(Quantities.FUNCTIONS);
        all.putAll(Versions.FUNCTIONS);
        all.putAll(NamedFormat.functions());
        all.putAll(Authorization.FUNCTIONS);
    }

    public @Nullable Function find(String name) {
        return all.get(name);
    }
}
