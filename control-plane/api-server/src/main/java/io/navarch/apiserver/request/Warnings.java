package io.navarch.apiserver.request;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What is said beside an answer, each text once. Headers are limited: where all together are too long, each is
/// cut, and those after the limit are left out.
final class Warnings {
    private static final int MOST = 4096;
    private static final int EACH = 256;

    private final Set<String> texts = new LinkedHashSet<>();

    void add(String text) {
        // Each has a character at least, so that none after these would be sent.
        if (texts.size() <= 2 * MOST && !text.isEmpty()) texts.add(text);
    }

    /// The texts as they are sent.
    List<String> sent() {
        int all = texts.stream().mapToInt(Warnings::length).sum();
        if (all <= MOST) return List.copyOf(texts);
        var sent = new ArrayList<String>();
        int seen = 0;
        int written = 0;
        for (var text : texts) {
            // Those that were there when it became too much are all sent.
            boolean fits = seen <= MOST || written < MOST;
            if (!fits) break;
            var cut = length(text) <= EACH ? text : text.substring(0, text.offsetByCodePoints(0, EACH));
            sent.add(cut);
            seen += length(text);
            written += length(cut);
        }
        return sent;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
