package io.navarch.schema.walk;

import io.navarch.objects.FieldError;
import java.util.ArrayList;
import java.util.List;

/// Collects the paths of fields that a schema does not know: as many as anybody could want to be told of.
public final class UnknownFields {
    private static final int MOST = 250;
    private static final int LONGEST = 1 << 18;

    private final List<String> paths = new ArrayList<>();
    private int characters;

    void add(String path, String name) {
        if (paths.size() >= MOST || characters > LONGEST) return;
        var field = FieldError.join(path, name);
        characters += field.length();
        paths.add(field);
    }

    /// In the order of the object.
    public List<String> paths() {
        return paths;
    }

    public boolean isEmpty() {
        return paths.isEmpty();
    }
}
