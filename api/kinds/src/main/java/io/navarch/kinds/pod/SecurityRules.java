package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.AppArmorProfile;
import io.navarch.model.PodSecurityContext;
import io.navarch.model.SeccompProfile;
import io.navarch.model.SecurityProfileType;
import io.navarch.objects.FieldError;
import java.util.HashSet;
import java.util.regex.Pattern;

/// What security contexts must be, beyond what the overlay says of single fields.
final class SecurityRules {
    private static final String SYSCTL = "([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
    private static final Pattern SYSCTL_NAME = Pattern.compile(SYSCTL);
    private static final int MAX_APP_ARMOR = 4095;

    private SecurityRules() {}

    static void pod(PodSecurityContext context, String path, Check check) {
        seccomp(context.seccompProfile(), path + ".seccompProfile", check);
        appArmor(context.appArmorProfile(), path + ".appArmorProfile", check);
        Check.each(
                context.supplementalGroups(),
                path + ".supplementalGroups",
                (group, at) -> check.range(group, at, 0, Integer.MAX_VALUE));
        var names = new HashSet<String>();
        Check.each(context.sysctls(), path + ".sysctls", (sysctl, at) -> {
            var name = sysctl.name();
            if (!check.required(name, at + ".name")) return;
            if (name.length() > 253 || !SYSCTL_NAME.matcher(name).matches())
                check.invalid(at + ".name", name, "must have at most 253 characters and match regex " + SYSCTL);
            else if (!names.add(name)) check.duplicate(at + ".name", name);
        });
    }

    static void seccomp(SeccompProfile profile, String path, Check check) {
        var at = path + ".localhostProfile";
        if (profile.type() == SecurityProfileType.LOCALHOST) {
            if (!profile.hasLocalhostProfile()) check.missing(at, "must be set when seccomp type is Localhost");
            else StorageSourceRules.relative(profile.localhostProfile(), at, check);
        } else if (profile.hasLocalhostProfile()) {
            check.invalid(at, profile.view().map(), "can only be set when seccomp type is Localhost");
        }
    }

    static void appArmor(AppArmorProfile profile, String path, Check check) {
        var name = profile.localhostProfile();
        var at = path + ".localhostProfile";
        if (profile.type() == SecurityProfileType.LOCALHOST) {
            if (name.isBlank()) check.missing(at, "must be set when AppArmor type is Localhost");
            else if (!name.equals(name.strip())) check.invalid(at, name, "must not be padded with whitespace");
            if (name.length() > MAX_APP_ARMOR)
                check.add(FieldError.tooLong(at, "may not be more than " + MAX_APP_ARMOR + " bytes"));
        } else if (profile.hasLocalhostProfile()) {
            check.invalid(at, name, "can only be set when AppArmor type is Localhost");
        }
    }
}
