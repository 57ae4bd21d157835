package io.navarch.kinds.deviceclass;

import io.navarch.kinds.support.Check;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.regex.Pattern;

/// The names of drivers, and those of attributes and capacities that drivers give.
public final class DeviceNames {
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final int DRIVER = 63;
    private static final int POOL = 253;
    private static final int NAME = 32;

    private DeviceNames() {}

    public static void driver(String name, String path, Check check) {
        if (!check.required(name, path)) return;
        shorter(name, DRIVER, path, check);
        check.name(name, path, Names.dnsSubdomain(name));
    }

    private static void shorter(String name, int most, String path, Check check) {
        if (name.length() > most) check.add(FieldError.tooLong(path, "may not be more than " + most + " bytes"));
    }

    /// A pool of a driver: subdomains with slashes between them.
    public static void pool(String name, String path, Check check) {
        if (!check.required(name, path)) return;
        shorter(name, POOL, path, check);
        for (var part : name.split("/", -1)) check.name(part, path, Names.dnsSubdomain(part));
    }

    /// `domain/name` or a name, which is the driver's own.
    public static void qualified(String name, String path, Check check) {
        var parts = name.split("/", -1);
        if (parts.length == 1) identifier(name, path, check);
        if (parts.length != 2) return;
        if (parts[0].isEmpty()) check.invalid(path, "", "the domain must not be empty");
        else driver(parts[0], path, check);
        if (parts[1].isEmpty()) check.invalid(path, "", "the name must not be empty");
        else identifier(parts[1], path, check);
    }

    static void fullyQualified(String name, String path, Check check) {
        qualified(name, path, check);
        if (!name.contains("/"))
            check.invalid(path, name, "a fully qualified name must be a domain and a name separated by a slash");
    }

    private static void identifier(String name, String path, Check check) {
        shorter(name, NAME, path, check);
        if (!IDENTIFIER.matcher(name).matches())
            check.invalid(
                    path,
                    name,
                    "a valid C identifier must start with alphabetic character or '_', followed by a string of"
                            + " alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex"
                            + " used for validation is '[A-Za-z_][A-Za-z0-9_]*')");
    }
}
