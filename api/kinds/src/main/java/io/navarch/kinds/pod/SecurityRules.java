package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.AppArmorProfile;
import io.navarch.model.PodSecurityContext;
import io.navarch.model.PodSpec;
import io.navarch.model.ProcMount;
import io.navarch.model.SeccompProfile;
import io.navarch.model.SecurityContext;
import io.navarch.model.SecurityProfileType;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What security contexts must be.
final class SecurityRules {
    private static final String SYSCTL = "([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
    private static final Pattern SYSCTL_NAME = Pattern.compile(SYSCTL);
    /// Settings of the kernel that each IPC namespace has for itself.
    private static final Pattern IPC = Pattern.compile(
            "kernel\\.(sem|shm|shmall|shmmax|shmmni|shm_rmid_forced|msg|msgmax|msgmnb|msgmni)|" + "fs\\.mqueue\\..*");

    private static final int MAX_APP_ARMOR = 4095;
    private static final List<String> PROFILES = List.of("Localhost", "RuntimeDefault", "Unconfined");

    private SecurityRules() {}

    static void pod(PodSpec spec, String specPath, Check check) {
        var context = spec.securityContext();
        var path = specPath + "." + PodSpec.SECURITY_CONTEXT;
        id(context.raw(PodSecurityContext.FS_GROUP), path + ".fsGroup", check);
        id(context.raw(PodSecurityContext.RUN_AS_USER), path + ".runAsUser", check);
        id(context.raw(PodSecurityContext.RUN_AS_GROUP), path + ".runAsGroup", check);
        Check.each(
                context.supplementalGroups(),
                path + ".supplementalGroups",
                (group, at) -> check.range(group, at, 0, Integer.MAX_VALUE));
        if (spec.shareProcessNamespace() && spec.hostPID())
            check.invalid(
                    path + ".shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled");
        sysctls(spec, path + ".sysctls", check);
        oneOf(context, PodSecurityContext.FS_GROUP_CHANGE_POLICY, path, Set.of("Always", "OnRootMismatch"), check);
        seccomp(context.seccompProfile(), path + ".seccompProfile", check);
        WindowsRules.options(context.windowsOptions(), path + ".windowsOptions", check);
        appArmor(context.appArmorProfile(), path + ".appArmorProfile", check);
        oneOf(context, PodSecurityContext.SUPPLEMENTAL_GROUPS_POLICY, path, Set.of("Merge", "Strict"), check);
        oneOf(context, PodSecurityContext.SE_LINUX_CHANGE_POLICY, path, Set.of("Recursive"), check);
    }

    private static void oneOf(
            PodSecurityContext context, String field, String path, Set<String> supported, Check check) {
        check.oneOf(context.raw(field), path + "." + field, supported);
    }

    /// The number of a user or a group.
    private static void id(View number, String path, Check check) {
        if (number.exists()) check.range(number.longOr(0), path, 0, Integer.MAX_VALUE);
    }

    private static void sysctls(PodSpec spec, String path, Check check) {
        var names = new HashSet<String>();
        Check.each(spec.securityContext().sysctls(), path, (sysctl, at) -> {
            var name = sysctl.name();
            var here = at + ".name";
            if (name.isEmpty()) check.add(FieldError.required(here));
            else if (name.length() > 253 || !SYSCTL_NAME.matcher(name).matches())
                check.invalid(here, name, "must have at most 253 characters and match regex ^" + SYSCTL + "$");
            else if (names.contains(name)) check.duplicate(here, name);
            names.add(name);
            var dotted = name.replace('/', '.');
            if (spec.hostNetwork() && dotted.startsWith("net."))
                check.invalid(here, name, "may not be specified when 'hostNetwork' is true");
            else if (spec.hostIPC() && IPC.matcher(dotted).matches())
                check.invalid(here, name, "may not be specified when 'hostIPC' is true");
        });
    }

    /// @param hostUsers whether users in the container are those of the node
    static void container(SecurityContext context, boolean hostUsers, String path, Check check) {
        if (!context.exists()) return;
        id(context.raw(SecurityContext.RUN_AS_USER), path + ".runAsUser", check);
        id(context.raw(SecurityContext.RUN_AS_GROUP), path + ".runAsGroup", check);
        procMount(context, hostUsers, path + ".procMount", check);
        seccomp(context.seccompProfile(), path + ".seccompProfile", check);
        escalation(context, path, check);
        WindowsRules.options(context.windowsOptions(), path + ".windowsOptions", check);
        appArmor(context.appArmorProfile(), path + ".appArmorProfile", check);
    }

    private static void procMount(SecurityContext context, boolean hostUsers, String path, Check check) {
        check.oneOf(context.raw(SecurityContext.PROC_MOUNT), path, Set.of("Default", "Unmasked"));
        if (hostUsers && context.procMount() == ProcMount.UNMASKED)
            check.invalid(path, "Unmasked", "`hostUsers` must be false to use `Unmasked`");
    }

    private static void escalation(SecurityContext context, String path, Check check) {
        if (context.allowPrivilegeEscalationOr(true)) return;
        var value = GoForm.securityContext(context);
        if (context.privileged())
            check.invalid(path, value, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        for (var capability : context.capabilities().add()) {
            if (capability.equals("CAP_SYS_ADMIN"))
                check.invalid(
                        path,
                        value,
                        "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
        }
    }

    private static void seccomp(SeccompProfile profile, String path, Check check) {
        if (!profile.exists()) return;
        var type = profile.raw(SeccompProfile.TYPE).string();
        if (type.isEmpty()) check.missing(path + ".type", "type is required when seccompProfile is set");
        else if (!PROFILES.contains(type)) check.notSupported(path + ".type", type, PROFILES);
        var at = path + ".localhostProfile";
        if (profile.type() == SecurityProfileType.LOCALHOST) {
            if (!profile.hasLocalhostProfile()) check.missing(at, "must be set when seccomp type is Localhost");
            else StorageSourceRules.relative(profile.localhostProfile(), at, check);
        } else if (profile.hasLocalhostProfile()) {
            check.invalid(at, GoForm.seccomp(profile), "can only be set when seccomp type is Localhost");
        }
    }

    static void appArmor(AppArmorProfile profile, String path, Check check) {
        if (!profile.exists()) return;
        var name = profile.localhostProfile();
        var at = path + ".localhostProfile";
        switch (profile.type()) {
            case LOCALHOST -> {
                var why = "must be set when AppArmor type is Localhost";
                if (!profile.hasLocalhostProfile()) {
                    check.missing(at, why);
                    return;
                }
                if (!name.equals(name.strip())) check.invalid(at, name, "must not be padded with whitespace");
                else if (name.isEmpty()) check.missing(at, why);
                if (name.length() > MAX_APP_ARMOR)
                    check.add(FieldError.tooLong(at, "may not be more than " + MAX_APP_ARMOR + " bytes"));
            }
            case RUNTIME_DEFAULT, UNCONFINED -> {
                if (profile.hasLocalhostProfile())
                    check.invalid(at, name, "can only be set when AppArmor type is Localhost");
            }
            case UNSET -> check.missing(path + ".type", "type is required when appArmorProfile is set");
            case UNRECOGNIZED ->
                check.notSupported(
                        path + ".type", profile.raw(AppArmorProfile.TYPE).string(), PROFILES);
        }
    }
}
