package io.navarch.kinds.persistentvolumeclaim;

import io.navarch.kinds.support.Check;
import io.navarch.model.AccessMode;
import io.navarch.model.Enumeration;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/// How claims and volumes may be mounted.
public final class AccessModes {
    private static final Set<String> MODES = Enumeration.texts(AccessMode.values());

    private AccessModes() {}

    /// @param modes the list as it was sent, so that what is none of them is told
    public static void check(View modes, String path, Check check) {
        var all = modes.strings();
        if (all.isEmpty()) check.add(FieldError.required(path));
        for (var mode : all) if (!MODES.contains(mode)) check.add(FieldError.notSupported(path, mode, MODES));
        if (all.contains(AccessMode.READ_WRITE_ONCE_POD.text()) && all.size() > 1)
            check.add(FieldError.forbidden(path, "may not use ReadWriteOncePod with other access modes"));
    }

    /// As kubectl abbreviates them.
    public static String text(View modes) {
        return new LinkedHashSet<>(modes.strings())
                .stream().map(AccessModes::abbreviated).collect(Collectors.joining(","));
    }

    private static String abbreviated(String mode) {
        return switch (AccessMode.of(mode)) {
            case READ_WRITE_ONCE -> "RWO";
            case READ_ONLY_MANY -> "ROX";
            case READ_WRITE_MANY -> "RWX";
            case READ_WRITE_ONCE_POD -> "RWOP";
            case UNSET, UNRECOGNIZED -> mode;
        };
    }
}
