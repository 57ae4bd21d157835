package io.navarch.kinds.customresource;

import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a path such as `.spec.colour` or `.spec['a.b']` leads in a schema.
///
/// @param wrong why it leads nowhere
/// @param steps the names on the way
/// @param schema what is there
record SchemaPath(@Nullable String wrong, List<String> steps, View schema) {
    private static final String NO_FIELD = "does not refer to a valid field";
    private static final String TOO_SHORT = "unexpected end of JSON path";

    private static SchemaPath wrong(String why) {
        return new SchemaPath(why, List.of(), View.ABSENT);
    }

    /// @param brackets whether names may stand in brackets
    static SchemaPath find(String path, View schema, boolean brackets) {
        var tokens = tokens(path).iterator();
        var steps = new ArrayList<String>();
        var at = schema;
        while (tokens.hasNext()) {
            var token = tokens.next();
            boolean bracket = token.equals("[");
            if (!bracket && !token.equals(".")) return wrong("expected [ or . but got: " + token);
            if (bracket && !brackets) return wrong("array notation is not allowed");
            if (!tokens.hasNext()) return wrong(TOO_SHORT);
            var name = tokens.next();
            if (bracket) {
                if (name.length() < 2 || !name.startsWith("'") || !name.endsWith("'"))
                    return wrong("expected single quoted string but got " + name);
                name = name.substring(1, name.length() - 1).replace("\\'", "'").replace("\\\\", "\\");
            }
            at = below(at, name);
            if (!at.exists()) return wrong(NO_FIELD);
            steps.add(name);
            if (!bracket) continue;
            if (!tokens.hasNext()) return wrong(TOO_SHORT);
            var end = tokens.next();
            if (!end.equals("]")) return wrong("expected ] but got " + end);
        }
        return new SchemaPath(null, steps, at);
    }

    private static View below(View schema, String name) {
        var properties = schema.get("properties").map();
        return properties.isEmpty() ? schema.get("additionalProperties") : View.of(properties.get(name));
    }

    private static List<String> tokens(String path) {
        var tokens = new ArrayList<String>();
        var token = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (!quoted && (c == '.' || c == '[' || c == ']')) {
                if (!token.isEmpty()) tokens.add(token.toString());
                token.setLength(0);
                tokens.add(String.valueOf(c));
                continue;
            }
            if (token.isEmpty() && c == '\'') quoted = true;
            else if (quoted && c == '\'' && path.charAt(i - 1) != '\\') quoted = false;
            token.append(c);
        }
        if (!token.isEmpty()) tokens.add(token.toString());
        return tokens;
    }
}
