package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import java.util.HashSet;
import java.util.regex.Pattern;

/// What security contexts must be, beyond what the overlay says of single fields.
final class SecurityRules {
    private static final String SYSCTL = "([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
    private static final Pattern SYSCTL_NAME = Pattern.compile(SYSCTL);
    private static final int MAX_APP_ARMOR = 4095;

    private SecurityRules() {}

    static void pod(View context, String path, Check check) {
        seccomp(context.get("seccompProfile"), path + ".seccompProfile", check);
        appArmor(context.get("appArmorProfile"), path + ".appArmorProfile", check);
        int i = 0;
        for (var group : context.get("supplementalGroups").views()) {
            check.range(group, path + ".supplementalGroups[" + i++ + "]", 0, Integer.MAX_VALUE);
        }
        var names = new HashSet<String>();
        i = 0;
        for (var sysctl : context.get("sysctls").views()) {
            var at = path + ".sysctls[" + i++ + "].name";
            var name = sysctl.get("name").string();
            if (name.isEmpty()) check.add(FieldError.required(at));
            else if (name.length() > 253 || !SYSCTL_NAME.matcher(name).matches())
                check.add(FieldError.invalid(at, name, "must have at most 253 characters and match regex " + SYSCTL));
            else if (!names.add(name)) check.add(FieldError.duplicate(at, name));
        }
    }

    static void seccomp(View profile, String path, Check check) {
        if (!profile.exists()) return;
        var file = profile.get("localhostProfile");
        var at = path + ".localhostProfile";
        if (profile.get("type").string().equals("Localhost")) {
            if (!file.exists()) check.add(FieldError.required(at, "must be set when seccomp type is Localhost"));
            else StorageSourceRules.relative(file.string(), at, check);
        } else if (file.exists()) {
            check.add(FieldError.invalid(at, profile.map(), "can only be set when seccomp type is Localhost"));
        }
    }

    static void appArmor(View profile, String path, Check check) {
        if (!profile.exists()) return;
        var name = profile.get("localhostProfile");
        var at = path + ".localhostProfile";
        if (profile.get("type").string().equals("Localhost")) {
            if (!name.exists() || name.string().isBlank())
                check.add(FieldError.required(at, "must be set when AppArmor type is Localhost"));
            else if (!name.string().equals(name.string().strip()))
                check.add(FieldError.invalid(at, name.string(), "must not be padded with whitespace"));
            if (name.string().length() > MAX_APP_ARMOR)
                check.add(FieldError.tooLong(at, "may not be more than " + MAX_APP_ARMOR + " bytes"));
        } else if (name.exists()) {
            check.add(FieldError.invalid(at, name.string(), "can only be set when AppArmor type is Localhost"));
        }
    }
}
