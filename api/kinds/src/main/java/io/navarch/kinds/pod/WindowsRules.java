package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.OsName;
import io.navarch.model.PodOS;
import io.navarch.model.PodSecurityContext;
import io.navarch.model.PodSpec;
import io.navarch.model.SecurityContext;
import io.navarch.model.WindowsSecurityContextOptions;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What pods for Windows nodes may ask for, and what only they may.
final class WindowsRules {
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f]");
    private static final Pattern NETBIOS = Pattern.compile("[^\\\\/:*?\"<>|.][^\\\\/:*?\"<>|]{0,14}");
    private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
    private static final Pattern DOMAIN = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");
    private static final Pattern BAD_USER = Pattern.compile("[\"/\\\\:;|=,+*?<>@\\[\\]]");
    private static final int MOST_SPEC = 64 * 1024;
    private static final int MOST_DOMAIN = 256;
    private static final int MOST_USER = 104;

    private static final List<String> NOT_OF_POD = List.of(
            PodSecurityContext.APP_ARMOR_PROFILE,
            PodSecurityContext.SE_LINUX_OPTIONS,
            PodSecurityContext.SECCOMP_PROFILE,
            PodSecurityContext.FS_GROUP,
            PodSecurityContext.FS_GROUP_CHANGE_POLICY,
            PodSecurityContext.SYSCTLS,
            PodSecurityContext.RUN_AS_USER,
            PodSecurityContext.RUN_AS_GROUP,
            PodSecurityContext.SUPPLEMENTAL_GROUPS,
            PodSecurityContext.SUPPLEMENTAL_GROUPS_POLICY,
            PodSecurityContext.SE_LINUX_CHANGE_POLICY);

    private static final List<String> NOT_OF_CONTAINER = List.of(
            SecurityContext.APP_ARMOR_PROFILE,
            SecurityContext.SE_LINUX_OPTIONS,
            SecurityContext.SECCOMP_PROFILE,
            SecurityContext.CAPABILITIES,
            SecurityContext.READ_ONLY_ROOT_FILESYSTEM,
            SecurityContext.PRIVILEGED,
            SecurityContext.ALLOW_PRIVILEGE_ESCALATION,
            SecurityContext.PROC_MOUNT,
            SecurityContext.RUN_AS_USER,
            SecurityContext.RUN_AS_GROUP);

    private WindowsRules() {}

    /// The system a pod is for, and what follows from it.
    static void system(PodSpec spec, String path, Check check) {
        if (!spec.hasOs()) return;
        switch (spec.os().name()) {
            case UNSET -> check.add(FieldError.required(path + ".os.name"));
            case UNRECOGNIZED ->
                check.notSupported(path + ".os", spec.os().raw(PodOS.NAME).string(), Set.of("linux", "windows"));
            case LINUX -> linux(spec, path, check);
            case WINDOWS -> windows(spec, path, check);
        }
    }

    static boolean windows(PodSpec spec) {
        return spec.os().name() == OsName.WINDOWS;
    }

    private static void linux(PodSpec spec, String path, Check check) {
        var why = "windows options cannot be set for a linux pod";
        if (spec.securityContext().hasWindowsOptions()) check.forbidden(path + ".securityContext.windowsOptions", why);
        ContainerVisit.each(spec, path, (container, at) -> {
            if (container.securityContext().hasWindowsOptions())
                check.forbidden(at + ".securityContext.windowsOptions", why);
        });
    }

    private static void windows(PodSpec spec, String path, Check check) {
        var why = "cannot be set for a windows pod";
        var context = spec.securityContext();
        for (var field : NOT_OF_POD) {
            var value = context.raw(field);
            boolean given =
                    field.equals(PodSecurityContext.SYSCTLS) ? !value.list().isEmpty() : value.exists();
            if (given) check.forbidden(path + ".securityContext." + field, why);
        }
        if (spec.hasHostUsers()) check.forbidden(path + ".hostUsers", why);
        if (spec.hostPID()) check.forbidden(path + ".hostPID", why);
        if (spec.hostIPC()) check.forbidden(path + ".hostIPC", why);
        if (spec.hasShareProcessNamespace()) check.forbidden(path + ".shareProcessNamespace", why);
        ContainerVisit.each(spec, path, (container, at) -> {
            for (var field : NOT_OF_CONTAINER) {
                if (container.securityContext().raw(field).exists())
                    check.forbidden(at + ".securityContext." + field, why);
            }
        });
    }

    static void options(WindowsSecurityContextOptions options, String path, Check check) {
        if (options.hasGmsaCredentialSpecName())
            check.name(
                    options.gmsaCredentialSpecName(),
                    path + ".gmsaCredentialSpecName",
                    Names.dnsSubdomain(options.gmsaCredentialSpecName()));
        if (options.hasGmsaCredentialSpec()) {
            var spec = options.gmsaCredentialSpec();
            var at = path + ".gmsaCredentialSpec";
            if (spec.isEmpty()) check.invalid(at, spec, "gmsaCredentialSpec cannot be an empty string");
            else if (spec.length() > MOST_SPEC) check.invalid(at, spec, "gmsaCredentialSpec size must be under 64 KiB");
        }
        if (options.hasRunAsUserName()) userName(options.runAsUserName(), path + ".runAsUserName", check);
    }

    /// `DOMAIN\User`, or the user alone.
    private static void userName(String name, String path, Check check) {
        var parts = name.split("\\\\", -1);
        if (name.isEmpty()) {
            check.invalid(path, name, "runAsUserName cannot be an empty string");
        } else if (CONTROL.matcher(name).find()) {
            check.invalid(path, name, "runAsUserName cannot contain control characters");
        } else if (parts.length > 2) {
            check.invalid(path, name, "runAsUserName cannot contain more than one backslash");
        } else {
            if (parts.length == 2) domain(parts[0], name, path, check);
            user(parts[parts.length - 1], name, path, check);
        }
    }

    private static void domain(String domain, String name, String path, Check check) {
        boolean longer = domain.length() >= MOST_DOMAIN;
        if (longer) check.invalid(path, name, "runAsUserName's Domain length must be under 256 characters");
        // The pattern needs stack for each label.
        else if (!NETBIOS.matcher(domain).matches() && !DOMAIN.matcher(domain).matches())
            check.invalid(path, name, "runAsUserName's Domain doesn't match the NetBios nor the DNS format");
    }

    private static void user(String user, String name, String path, Check check) {
        if (user.isEmpty()) check.invalid(path, name, "runAsUserName's User cannot be empty");
        else if (user.length() > MOST_USER)
            check.invalid(path, name, "runAsUserName's User length must not be longer than 104 characters");
        if (user.matches("[. ]+"))
            check.invalid(path, name, "runAsUserName's User cannot contain only periods or spaces");
        if (BAD_USER.matcher(user).find())
            check.invalid(
                    path, name, "runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]");
    }

    /// Processes of the node itself: all containers are such, or none.
    static void hostProcess(PodSpec spec, String path, Check check) {
        var options = spec.securityContext().windowsOptions();
        var counts = new int[2];
        ContainerVisit.each(spec, path, (container, at) -> {
            counts[0]++;
            var own = container.securityContext().windowsOptions();
            boolean both = own.hasHostProcess() && options.hasHostProcess();
            if (both && own.hostProcess() != options.hostProcess())
                check.invalid(
                        at + ".securityContext.windowsOptions.hostProcess",
                        own.hostProcess(),
                        "pod hostProcess value must be identical if both are specified, was " + options.hostProcess());
            if (own.hasHostProcess() ? own.hostProcess() : options.hostProcess()) counts[1]++;
        });
        if (counts[1] == 0) return;
        if (counts[0] != counts[1])
            check.invalid(
                    path,
                    "",
                    "If pod contains any hostProcess containers then all containers must be HostProcess containers");
        if (!spec.hostNetwork())
            check.invalid(
                    path + ".hostNetwork",
                    false,
                    "hostNetwork must be true if pod contains any hostProcess containers");
    }
}
