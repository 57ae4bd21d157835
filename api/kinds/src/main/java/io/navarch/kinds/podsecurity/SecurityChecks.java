package io.navarch.kinds.podsecurity;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.AppArmorProfile;
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
import java.util.stream.Stream;

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
        // Those of the baseline by name, then those that only the strictest level has; these replace weaker ones.
        checks.appArmor();
        if (!restricted || !level.atLeast(22)) checks.addedCapabilities();
        checks.hostNamespaces();
        if (!restricted) checks.hostPaths();
        checks.hostPorts();
        if (level.atLeast(34)) checks.hostsOfProbesAndHooks();
        checks.privileged();
        if (!level.atLeast(35) || !restricted && !checks.ownUsers()) checks.procMount();
        checks.seLinux();
        if (!level.atLeast(19)) checks.seccompAnnotations();
        else if (!restricted) checks.unconfined();
        checks.sysctls();
        checks.hostProcess();
        if (restricted) checks.restricted();
        return checks.found;
    }

    private void restricted() {
        boolean windows = spec.os().name() == OsName.WINDOWS && level.atLeast(25);
        boolean relaxed = level.atLeast(35) && ownUsers();
        if (!windows) escalation();
        if (level.atLeast(22) && !windows) droppedCapabilities();
        if (level.atLeast(35)) procMount();
        volumes();
        if (!relaxed) {
            runAsNonRoot();
            runAsUser();
        }
        if (level.atLeast(19) && !windows) seccomp();
    }

    /// Whether root in the pod is nobody on the node.
    private boolean ownUsers() {
        return spec.hasHostUsers() && !spec.hostUsers();
    }

    private void add(String reason, String detail) {
        found.add(new Violation(reason, detail));
    }

    /// `container "a"`, or `containers "a", "b"`.
    private static String named(List<String> names) {
        return (names.size() == 1 ? "container " : "containers ") + quoted(names);
    }

    /// Who does what must not be done: `pod`, `container "a"`, or both.
    private static String setters(boolean whole, List<String> names) {
        if (names.isEmpty()) return whole ? "pod" : "";
        return (whole ? "pod and " : "") + named(names);
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
        var whole = spec.securityContext();
        var values = new TreeSet<String>();
        boolean bad = whole.hasAppArmorProfile() && forbidden(whole.appArmorProfile(), values);
        var names = where(context -> context.hasAppArmorProfile() && forbidden(context.appArmorProfile(), values));
        var annotations = new TreeSet<String>();
        pod.annotations().forEach((key, profile) -> {
            boolean fine = profile.isEmpty() || profile.equals("runtime/default") || profile.startsWith("localhost/");
            if (key.startsWith("container.apparmor.security.beta.kubernetes.io/") && !fine)
                annotations.add(key + "=\"" + profile + "\"");
        });
        var who = new ArrayList<String>();
        if (bad || !names.isEmpty()) who.add(setters(bad, names));
        if (!annotations.isEmpty()) who.add(annotations.size() == 1 ? "annotation" : "annotations");
        if (who.isEmpty()) return;
        var told = new ArrayList<>(values);
        told.addAll(annotations);
        add(
                told.size() == 1 ? "forbidden AppArmor profile" : "forbidden AppArmor profiles",
                String.join(" and ", who) + " must not set AppArmor profile type to " + quoted(told));
    }

    private static boolean forbidden(AppArmorProfile profile, Set<String> values) {
        boolean fine = profile.type() == SecurityProfileType.RUNTIME_DEFAULT
                || profile.type() == SecurityProfileType.LOCALHOST;
        if (!fine) values.add(profile.raw(AppArmorProfile.TYPE).string());
        return !fine;
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
        // Sorted as texts.
        var ports = new TreeSet<String>();
        for (var container : containers)
            for (var port : container.ports()) if (port.hostPort() != 0) ports.add(String.valueOf(port.hostPort()));
        if (ports.isEmpty()) return;
        var bad = containers(container -> container.ports().stream().anyMatch(port -> port.hostPort() != 0));
        add(
                "hostPort",
                named(bad)
                        + (bad.size() == 1 ? " uses " : " use ")
                        + (ports.size() == 1 ? "hostPort " : "hostPorts ")
                        + String.join(", ", ports));
    }

    /// A node must not be made to call whomever a pod names.
    private void hostsOfProbesAndHooks() {
        var hosts = new TreeSet<String>();
        var bad = new TreeSet<String>();
        for (var container : containers) {
            var lifecycle = container.lifecycle();
            Stream.of(
                            container.livenessProbe().httpGet().host(),
                            container.livenessProbe().tcpSocket().host(),
                            container.readinessProbe().httpGet().host(),
                            container.readinessProbe().tcpSocket().host(),
                            container.startupProbe().httpGet().host(),
                            container.startupProbe().tcpSocket().host(),
                            lifecycle.postStart().httpGet().host(),
                            lifecycle.postStart().tcpSocket().host(),
                            lifecycle.preStop().httpGet().host(),
                            lifecycle.preStop().tcpSocket().host())
                    .filter(host -> !host.isEmpty())
                    .forEach(host -> {
                        hosts.add(host);
                        bad.add(container.name());
                    });
        }
        if (hosts.isEmpty()) return;
        add(
                "probe or lifecycle host",
                named(List.copyOf(bad))
                        + (bad.size() == 1 ? " uses " : " use ")
                        + (hosts.size() == 1 ? "probe or lifecycle host " : "probe or lifecycle hosts ")
                        + quoted(List.copyOf(hosts)));
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
        boolean root = !whole.runAsNonRootOr(true);
        var explicit = where(context -> !context.runAsNonRootOr(true));
        var silent = where(context -> !context.hasRunAsNonRoot());
        var reason = "runAsNonRoot != true";
        if (root || !explicit.isEmpty())
            add(reason, setters(root, explicit) + " must not set securityContext.runAsNonRoot=false");
        else if (!whole.runAsNonRoot() && !silent.isEmpty())
            add(reason, "pod or " + named(silent) + " must set securityContext.runAsNonRoot=true");
    }

    private void runAsUser() {
        if (!level.atLeast(23)) return;
        boolean whole = spec.securityContext().runAsUserOr(1) == 0;
        var bad = where(context -> context.runAsUserOr(1) == 0);
        if (whole || !bad.isEmpty()) add("runAsUser=0", setters(whole, bad) + " must not set runAsUser=0");
    }

    private static boolean confined(SeccompProfile profile) {
        return profile.type() == SecurityProfileType.RUNTIME_DEFAULT || profile.type() == SecurityProfileType.LOCALHOST;
    }

    /// False when nothing is wrong with the profiles that are set.
    private boolean unconfined() {
        var values = new TreeSet<String>();
        Predicate<SeccompProfile> forbidden = profile -> {
            if (!confined(profile)) values.add(profile.raw(SeccompProfile.TYPE).string());
            return !confined(profile);
        };
        var shared = spec.securityContext();
        boolean whole = shared.hasSeccompProfile() && forbidden.test(shared.seccompProfile());
        var bad = where(context -> context.hasSeccompProfile() && forbidden.test(context.seccompProfile()));
        if (!whole && bad.isEmpty()) return false;
        add(
                "seccompProfile",
                setters(whole, bad) + " must not set securityContext.seccompProfile.type to "
                        + quoted(List.copyOf(values)));
        return true;
    }

    private void seccomp() {
        if (unconfined() || confined(spec.securityContext().seccompProfile())) return;
        var silent = where(context -> !context.hasSeccompProfile());
        if (!silent.isEmpty())
            add(
                    "seccompProfile",
                    "pod or " + named(silent)
                            + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
    }

    /// How it was said before there was a field for it.
    private void seccompAnnotations() {
        var keys = new ArrayList<String>();
        keys.add("seccomp.security.alpha.kubernetes.io/pod");
        containers(container -> true)
                .forEach(name -> keys.add("container.seccomp.security.alpha.kubernetes.io/" + name));
        var bad = new TreeSet<String>();
        for (var key : keys) {
            var value = pod.annotations().get(key);
            boolean fine = value == null
                    || value.equals("runtime/default")
                    || value.equals("docker/default")
                    || value.startsWith("localhost/");
            if (!fine) bad.add(key + "=\"" + value + "\"");
        }
        if (!bad.isEmpty())
            add(
                    "seccompProfile",
                    "forbidden " + (bad.size() == 1 ? "annotation " : "annotations ") + String.join(", ", bad));
    }

    private void seLinux() {
        var allowed = new HashSet<>(Set.of("", "container_t", "container_init_t", "container_kvm_t"));
        if (level.atLeast(31)) allowed.add("container_engine_t");
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
        var who = setters(whole, names);
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
        boolean whole = spec.securityContext().windowsOptions().hostProcess();
        var bad = where(context -> context.windowsOptions().hostProcess());
        if (whole || !bad.isEmpty())
            add("hostProcess", setters(whole, bad) + " must not set securityContext.windowsOptions.hostProcess=true");
    }
}
