package io.navarch.kinds.support;

import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/// What classes of storage say to whoever provides it.
public final class Provisioning {
    private static final int MOST = 512;
    private static final int LARGEST = 256 * 1024;

    private Provisioning() {}

    /// Who provides it. Its name is looked at in lower case, and told so.
    public static void provider(String name, String path, Check check) {
        if (!check.required(name, path)) return;
        var lower = name.toLowerCase(Locale.ROOT);
        check.name(lower, path, Names.qualifiedName(lower));
    }

    public static void parameters(Map<String, String> parameters, String path, Check check) {
        if (parameters.size() > MOST) {
            check.add(FieldError.tooLong(path, "may not be more than " + MOST + " bytes"));
            return;
        }
        long size = 0;
        for (var parameter : parameters.entrySet()) {
            if (parameter.getKey().isEmpty()) check.invalid(path, "", "field can not be empty.");
            size += bytes(parameter.getKey()) + bytes(parameter.getValue());
        }
        if (size > LARGEST) check.add(FieldError.tooLong(path, "may not be more than " + LARGEST + " bytes"));
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
