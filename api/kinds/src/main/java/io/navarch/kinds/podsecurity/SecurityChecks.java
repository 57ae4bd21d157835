package io.navarch.kinds.podsecurity;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.OsName;
import io.navarch.model.PodSpec;
import io.navarch.model.PodTemplateSpec;
import io.navarch.model.ProcMount;
import io.navarch.model.SELinuxOptions;
import io.navarch.model.SeccompProfile;
import io.navarch.model.SecurityContext;
import io.navarch.model.SecurityProfileType;
import io.navarch.model.Sysctl;
import io.navarch.model.Volume;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The checks of the Pod Security Standards, in the order in which violations are told.
///
/// Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
final class SecurityChecks {
    /// What a pod does that its level does not allow.
    record Violation(String reason, String detail) {}

    private static final Set<String> DEFAULT_CAPABILITIES = Set.of(
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT");
    private static final Set<String> VOLUMES = Set.of(
            Volume.CONFIG_MAP,
            Volume.CSI,
            Volume.DOWNWARD_API,
            Volume.EMPTY_DIR,
            Volume.EPHEMERAL,
            Volume.PERSISTENT_VOLUME_CLAIM,
            Volume.PROJECTED,
            Volume.SECRET,
            Volume.IMAGE);

    private final Level level;
    private final PodTemplateSpec pod;
    private final PodSpec spec;
    private final List<Container> containers;
    private final List<Violation> found = new ArrayList<>();

    private SecurityChecks(Level level, PodTemplateSpec pod) {
        this.level = level;
        this.pod = pod;
        this.spec = pod.spec();
        this.containers = Pods.everyContainer(spec);
    }

    /// @param pod a pod, or a template of one
    static List<Violation> evaluate(Level level, PodTemplateSpec pod) {
        var checks = new SecurityChecks(level, pod);
        if (level.rank() == 0) return checks.found;
        boolean restricted = level.rank() == 2;
        boolean windows = pod.spec().os().name() == OsName.WINDOWS && level.atLeast(25);
        if (restricted && !windows) checks.escalation();
        checks.appArmor();
        if (restricted && level.atLeast(22) && !windows) checks.droppedCapabilities();
        else checks.addedCapabilities();
        checks.hostNamespaces();
        if (!restricted) checks.hostPaths();
        checks.hostPorts();
        checks.privileged();
        checks.procMount();
        if (restricted) {
            checks.volumes();
            checks.runAsNonRoot();
            checks.runAsUser();
        }
        if (restricted && level.atLeast(19) && !windows) checks.seccomp();
        else checks.unconfined();
        checks.seLinux();
        checks.sysctls();
        checks.hostProcess();
        return checks.found;
    }

    private void add(String reason, String detail) {
        found.add(new Violation(reason, detail));
    }

    /// `container "a"`, or `containers "a", "b"`.
    private static String named(List<String> names) {
        return (names.size() == 1 ? "container " : "containers ") + quoted(names);
    }

    private static String quoted(List<String> names) {
        return names.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
    }

    private List<String> where(Predicate<SecurityContext> bad) {
        return containers(container -> bad.test(container.securityContext()));
    }

    private List<String> containers(Predicate<Container> bad) {
        return containers.stream().filter(bad).map(Container::name).toList();
    }

    private void escalation() {
        var bad = where(context -> context.allowPrivilegeEscalationOr(true));
        if (!bad.isEmpty())
            add(
                    "allowPrivilegeEscalation != false",
                    named(bad) + " must set securityContext.allowPrivilegeEscalation=false");
    }

    private void appArmor() {
        var parts = new ArrayList<String>();
        if (spec.securityContext().appArmorProfile().type() == SecurityProfileType.UNCONFINED)
            parts.add("pod must not set AppArmor profile type to \"Unconfined\"");
        var bad = where(context -> context.appArmorProfile().type() == SecurityProfileType.UNCONFINED);
        if (!bad.isEmpty()) parts.add(named(bad) + " must not set AppArmor profile type to \"Unconfined\"");
        pod.annotations().forEach((key, profile) -> {
            boolean fine = profile.isEmpty() || profile.equals("runtime/default") || profile.startsWith("localhost/");
            if (key.startsWith("container.apparmor.security.beta.kubernetes.io/") && !fine)
                parts.add("annotation \"" + key + "\" must not be set to \"" + profile + "\"");
        });
        if (!parts.isEmpty())
            add(
                    parts.size() == 1 ? "forbidden AppArmor profile" : "forbidden AppArmor profiles",
                    String.join("; ", parts));
    }

    private void addedCapabilities() {
        var names = new TreeSet<String>();
        var bad = where(context -> {
            var more = new TreeSet<>(context.capabilities().add());
            more.removeAll(DEFAULT_CAPABILITIES);
            names.addAll(more);
            return !more.isEmpty();
        });
        if (!bad.isEmpty())
            add(
                    "non-default capabilities",
                    named(bad) + " must not include " + quoted(List.copyOf(names))
                            + " in securityContext.capabilities.add");
    }

    private void droppedCapabilities() {
        var parts = new ArrayList<String>();
        var keep = where(context -> !context.capabilities().drop().contains("ALL"));
        if (!keep.isEmpty()) parts.add(named(keep) + " must set securityContext.capabilities.drop=[\"ALL\"]");
        var names = new TreeSet<String>();
        var bad = where(context -> {
            var more = new TreeSet<>(context.capabilities().add());
            more.remove("NET_BIND_SERVICE");
            names.addAll(more);
            return !more.isEmpty();
        });
        if (!bad.isEmpty())
            parts.add(named(bad) + " must not include " + quoted(List.copyOf(names))
                    + " in securityContext.capabilities.add");
        if (!parts.isEmpty()) add("unrestricted capabilities", String.join("; ", parts));
    }

    private void hostNamespaces() {
        var parts = new ArrayList<String>();
        if (spec.hostNetwork()) parts.add("hostNetwork=true");
        if (spec.hostPID()) parts.add("hostPID=true");
        if (spec.hostIPC()) parts.add("hostIPC=true");
        if (!parts.isEmpty()) add("host namespaces", String.join(", ", parts));
    }

    private void hostPaths() {
        var names = spec.volumes().stream()
                .filter(Volume::hasHostPath)
                .map(Volume::name)
                .toList();
        if (!names.isEmpty()) add("hostPath volumes", (names.size() == 1 ? "volume " : "volumes ") + quoted(names));
    }

    private void hostPorts() {
        var ports = new TreeSet<Integer>();
        for (var container : containers)
            for (var port : container.ports()) if (port.hostPort() != 0) ports.add(port.hostPort());
        if (ports.isEmpty()) return;
        var bad = containers(container -> container.ports().stream().anyMatch(port -> port.hostPort() != 0));
        var numbers = ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
        add(
                "hostPort",
                named(bad)
                        + (bad.size() == 1 ? " uses " : " use ")
                        + (ports.size() == 1 ? "hostPort " : "hostPorts ")
                        + numbers);
    }

    private void privileged() {
        var bad = where(SecurityContext::privileged);
        if (!bad.isEmpty()) add("privileged", named(bad) + " must not set securityContext.privileged=true");
    }

    private void procMount() {
        var bad = where(context -> context.procMount() == ProcMount.UNMASKED);
        if (!bad.isEmpty()) add("procMount", named(bad) + " must not set securityContext.procMount to \"Unmasked\"");
    }

    private void volumes() {
        var names = new ArrayList<String>();
        var types = new TreeSet<String>();
        for (var volume : spec.volumes()) {
            var type = volume.view().map().keySet().stream()
                    .filter(field -> !field.equals(Volume.NAME))
                    .findFirst()
                    .orElse(Volume.EMPTY_DIR);
            if (VOLUMES.contains(type)) continue;
            names.add(volume.name());
            types.add(type);
        }
        if (names.isEmpty()) return;
        add(
                "restricted volume types",
                (names.size() == 1 ? "volume " : "volumes ")
                        + quoted(names)
                        + (names.size() == 1 ? " uses " : " use ")
                        + (types.size() == 1 ? "restricted volume type " : "restricted volume types ")
                        + quoted(List.copyOf(types)));
    }

    private void runAsNonRoot() {
        var whole = spec.securityContext();
        var parts = new ArrayList<String>();
        var explicit = where(context -> !context.runAsNonRootOr(true));
        var silent = where(context -> !context.hasRunAsNonRoot());
        if (!whole.runAsNonRootOr(true)) parts.add("pod must not set securityContext.runAsNonRoot=false");
        if (!explicit.isEmpty()) parts.add(named(explicit) + " must not set securityContext.runAsNonRoot=false");
        if (parts.isEmpty() && !whole.runAsNonRoot() && !silent.isEmpty())
            parts.add("pod or " + named(silent) + " must set securityContext.runAsNonRoot=true");
        if (!parts.isEmpty()) add("runAsNonRoot != true", String.join("; ", parts));
    }

    private void runAsUser() {
        if (!level.atLeast(23)) return;
        var parts = new ArrayList<String>();
        if (spec.securityContext().runAsUserOr(1) == 0) parts.add("pod must not set runAsUser=0");
        var bad = where(context -> context.runAsUserOr(1) == 0);
        if (!bad.isEmpty()) parts.add(named(bad) + " must not set runAsUser=0");
        if (!parts.isEmpty()) add("runAsUser=0", String.join(" and ", parts));
    }

    private static boolean confined(SeccompProfile profile) {
        return profile.type() == SecurityProfileType.RUNTIME_DEFAULT || profile.type() == SecurityProfileType.LOCALHOST;
    }

    private static boolean typed(SeccompProfile profile) {
        return profile.type() != SecurityProfileType.UNSET;
    }

    private void seccomp() {
        var whole = spec.securityContext().seccompProfile();
        var parts = new ArrayList<String>();
        if (typed(whole) && !confined(whole))
            parts.add("pod must not set securityContext.seccompProfile.type to \""
                    + whole.raw(SeccompProfile.TYPE).string() + "\"");
        var bad = where(context -> typed(context.seccompProfile()) && !confined(context.seccompProfile()));
        if (!bad.isEmpty())
            parts.add(named(bad) + " must not set securityContext.seccompProfile.type to \"Unconfined\"");
        var silent = where(context -> !typed(context.seccompProfile()));
        if (parts.isEmpty() && !confined(whole) && !silent.isEmpty())
            parts.add("pod or " + named(silent)
                    + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
        if (!parts.isEmpty()) add("seccompProfile", String.join(" and ", parts));
    }

    private void unconfined() {
        if (!level.atLeast(19)) return;
        var parts = new ArrayList<String>();
        if (spec.securityContext().seccompProfile().type() == SecurityProfileType.UNCONFINED)
            parts.add("pod must not set securityContext.seccompProfile.type to \"Unconfined\"");
        var bad = where(context -> context.seccompProfile().type() == SecurityProfileType.UNCONFINED);
        if (!bad.isEmpty())
            parts.add(named(bad) + " must not set securityContext.seccompProfile.type to \"Unconfined\"");
        if (!parts.isEmpty()) add("seccompProfile", String.join(" and ", parts));
    }

    private void seLinux() {
        var allowed = Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");
        var types = new TreeSet<String>();
        var fields = new TreeSet<String>();
        Predicate<SELinuxOptions> bad = options -> {
            boolean type = !allowed.contains(options.type());
            boolean user = !options.user().isEmpty();
            boolean role = !options.role().isEmpty();
            if (type) types.add(options.type());
            if (user) fields.add(SELinuxOptions.USER);
            if (role) fields.add(SELinuxOptions.ROLE);
            return type || user || role;
        };
        boolean whole = bad.test(spec.securityContext().seLinuxOptions());
        var names = where(context -> bad.test(context.seLinuxOptions()));
        if (!whole && names.isEmpty()) return;
        var who = (whole ? "pod" : "")
                + (whole && !names.isEmpty() ? " and " : "")
                + (names.isEmpty() ? "" : named(names));
        var what = new ArrayList<String>();
        if (!types.isEmpty()) what.add((types.size() == 1 ? "type " : "types ") + quoted(List.copyOf(types)));
        if (fields.contains(SELinuxOptions.USER)) what.add("user may not be set");
        if (fields.contains(SELinuxOptions.ROLE)) what.add("role may not be set");
        add("seLinuxOptions", who + " set forbidden securityContext.seLinuxOptions: " + String.join("; ", what));
    }

    private void sysctls() {
        var allowed = new HashSet<>(Set.of(
                "kernel.shm_rmid_forced",
                "net.ipv4.ip_local_port_range",
                "net.ipv4.tcp_syncookies",
                "net.ipv4.ping_group_range",
                "net.ipv4.ip_unprivileged_port_start"));
        if (level.atLeast(27)) allowed.add("net.ipv4.ip_local_reserved_ports");
        if (level.atLeast(29))
            allowed.addAll(Set.of(
                    "net.ipv4.tcp_keepalive_time",
                    "net.ipv4.tcp_fin_timeout",
                    "net.ipv4.tcp_keepalive_intvl",
                    "net.ipv4.tcp_keepalive_probes"));
        if (level.atLeast(32)) allowed.addAll(Set.of("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"));
        var bad = spec.securityContext().sysctls().stream()
                .map(Sysctl::name)
                .filter(name -> !allowed.contains(name))
                .sorted()
                .toList();
        if (!bad.isEmpty()) add("forbidden sysctls", String.join(", ", bad));
    }

    private void hostProcess() {
        var parts = new ArrayList<String>();
        if (spec.securityContext().windowsOptions().hostProcess()) parts.add("pod");
        var bad = where(context -> context.windowsOptions().hostProcess());
        if (!bad.isEmpty()) parts.add(named(bad));
        if (!parts.isEmpty())
            add(
                    "hostProcess",
                    String.join(" and ", parts) + " must not set securityContext.windowsOptions.hostProcess=true");
    }
}
