package io.navarch.schema.types;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The name of a structure in the model, in its parts: `V1PodSpec` is `PodSpec` of version `v1`, `CoreV1Event` is
/// `Event` of `core` and `v1`.
///
/// @param group `""` unless two groups have a type of the same name
public record TypeName(String group, String version, String name) {
    private static final Pattern MODEL = Pattern.compile("([A-Z][a-z]+)?(V[0-9]+(?:alpha[0-9]+|beta[0-9]+)?)([A-Z].*)");

    /// The parts; none of a name that has no version.
    public static Optional<TypeName> of(String type) {
        var matcher = MODEL.matcher(type);
        if (!matcher.matches()) return Optional.empty();
        var group = matcher.group(1) == null ? "" : matcher.group(1).toLowerCase(Locale.ROOT);
        return Optional.of(new TypeName(group, matcher.group(2).toLowerCase(Locale.ROOT), matcher.group(3)));
    }

    /// With its version: `v1.PodSpec`.
    public String versioned() {
        return version + "." + name;
    }
}
