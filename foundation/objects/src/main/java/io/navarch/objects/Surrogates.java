package io.navarch.objects;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Halves of characters, which JSON can escape one by one. Alone they are none, and have no bytes: one that was stored
/// would read as something else each time. Go's decoder makes U+FFFD of them.
final class Surrogates {
    private static final char REPLACEMENT = '\ufffd';

    private Surrogates() {}

    /// Whether a document may contain any.
    static boolean escaped(byte[] json) {
        for (int i = 0; i + 2 < json.length; i++)
            if (json[i] == '\\' && json[i + 1] == 'u' && (json[i + 2] == 'd' || json[i + 2] == 'D')) return true;
        return false;
    }

    static @Nullable Object replaced(@Nullable Object tree) {
        return switch (tree) {
            case String text -> replaced(text);
            case Map<?, ?> map -> {
                var result = new LinkedHashMap<String, Object>();
                map.forEach((key, value) -> result.put(replaced((String) key), replaced(value)));
                yield result;
            }
            case List<?> list -> {
                var result = new ArrayList<Object>(list.size());
                for (var element : list) result.add(replaced(element));
                yield result;
            }
            case null, default -> tree;
        };
    }

    private static String replaced(String text) {
        var result = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) continue;
            boolean pair = i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
            if (pair) i++;
            else result.setCharAt(i, REPLACEMENT);
        }
        return result.toString();
    }
}
