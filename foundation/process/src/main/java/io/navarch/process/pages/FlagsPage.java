package io.navarch.process.pages;

import io.navarch.objects.Trees;
import java.util.Map;
import java.util.TreeMap;

/// `/flagz`: with which options the process was started.
public final class FlagsPage {
    private final StructuredPage page;

    /// @param flags without what is secret
    public FlagsPage(String component, Map<String, String> flags) {
        var sorted = new TreeMap<>(flags);
        page = new StructuredPage(
                component,
                "Flagz",
                "flagz",
                () -> {
                    var text = new StringBuilder();
                    sorted.forEach((name, value) ->
                            text.append(name).append('=').append(value).append('\n'));
                    return text.toString();
                },
                () -> Trees.map("flags", sorted));
    }

    public Page answer(String accept) {
        return page.answer(accept);
    }
}
