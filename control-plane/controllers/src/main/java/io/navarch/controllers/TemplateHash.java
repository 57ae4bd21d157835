package io.navarch.controllers;

import io.navarch.objects.Json;
import io.navarch.objects.Lens;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The part of a name that distinguishes one pod template from another.
public final class TemplateHash {
    private TemplateHash() {}

    /// Stable over key order, so the same template always has the same name.
    ///
    /// @param collisions how often the name was taken
    public static String of(Lens template, long collisions) {
        int hash = 0x811c9dc5;
        for (byte b : Json.write(sorted(View.over(template).map()))) hash = (hash ^ b) * 0x01000193;
        if (collisions > 0) hash = (hash ^ (int) collisions) * 0x01000193;
        return Names.safeEncode(Integer.toUnsignedString(hash));
    }

    private static Object sorted(Object tree) {
        if (tree instanceof Map<?, ?> map) {
            var result = new TreeMap<String, Object>();
            map.forEach((key, value) -> result.put((String) key, sorted(value)));
            return result;
        }
        if (tree instanceof List<?> list)
            return list.stream().map(TemplateHash::sorted).toList();
        return tree;
    }
}
