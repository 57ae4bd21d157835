package io.navarch.kinds.podsecurity;

import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
            "configMap",
            "csi",
            "downwardAPI",
            "emptyDir",
            "ephemeral",
            "persistentVolumeClaim",
            "projected",
            "secret",
            "image");

    private final Level level;
    private final View pod;
    private final View spec;
    private final List<View> containers = new ArrayList<>();
    private final List<Violation> found = new ArrayList<>();

    private SecurityChecks(Level level, View pod) {
        this.level = level;
        this.pod = pod;
        this.spec = pod.spec();
        for (var field : List.of("initContainers", "containers", "ephemeralContainers"))
            containers.addAll(spec.get(field).views());
    }

    static List<Violation> evaluate(Level level, View pod) {
        var checks = new SecurityChecks(level, pod);
        if (level.rank() == 0) return checks.found;
        boolean restricted = level.rank() == 2;
        boolean windows = pod.spec().get("os", "name").string().equals("windows") && level.atLeast(25);
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

    private List<String> where(java.util.function.Predicate<View> bad) {
        return containers.stream()
                .filter(bad)
                .map(container -> container.get("name").string())
                .toList();
    }

    private static View security(View container) {
        return container.get("securityContext");
    }

    private void escalation() {
        var bad = where(c -> security(c).get("allowPrivilegeEscalation").boolOr(true));
        if (!bad.isEmpty())
            add(
                    "allowPrivilegeEscalation != false",
                    named(bad) + " must set securityContext.allowPrivilegeEscalation=false");
    }

    private void appArmor() {
        var parts = new ArrayList<String>();
        if (spec.get("securityContext", "appArmorProfile", "type").string().equals("Unconfined"))
            parts.add("pod must not set AppArmor profile type to \"Unconfined\"");
        var bad = where(c -> security(c).get("appArmorProfile", "type").string().equals("Unconfined"));
        if (!bad.isEmpty()) parts.add(named(bad) + " must not set AppArmor profile type to \"Unconfined\"");
        pod.metadata().get("annotations").map().forEach((key, value) -> {
            var profile = String.valueOf(value);
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
        var bad = where(c -> {
            var more = new TreeSet<>(security(c).get("capabilities", "add").strings());
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
        var keep = where(c -> !security(c).get("capabilities", "drop").strings().contains("ALL"));
        if (!keep.isEmpty()) parts.add(named(keep) + " must set securityContext.capabilities.drop=[\"ALL\"]");
        var names = new TreeSet<String>();
        var bad = where(c -> {
            var more = new TreeSet<>(security(c).get("capabilities", "add").strings());
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
        for (var field : List.of("hostNetwork", "hostPID", "hostIPC"))
            if (spec.get(field).bool()) parts.add(field + "=true");
        if (!parts.isEmpty()) add("host namespaces", String.join(", ", parts));
    }

    private void hostPaths() {
        var names = spec.get("volumes").stream()
                .filter(volume -> volume.get("hostPath").exists())
                .map(volume -> volume.get("name").string())
                .toList();
        if (!names.isEmpty()) add("hostPath volumes", (names.size() == 1 ? "volume " : "volumes ") + quoted(names));
    }

    private void hostPorts() {
        var ports = new TreeSet<Long>();
        var bad = where(c -> {
            boolean any = false;
            for (var port : c.get("ports").views()) {
                if (port.get("hostPort").longOr(0) == 0) continue;
                ports.add(port.get("hostPort").longOr(0));
                any = true;
            }
            return any;
        });
        if (bad.isEmpty()) return;
        var numbers = ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
        add(
                "hostPort",
                named(bad)
                        + (bad.size() == 1 ? " uses " : " use ")
                        + (ports.size() == 1 ? "hostPort " : "hostPorts ")
                        + numbers);
    }

    private void privileged() {
        var bad = where(c -> security(c).get("privileged").bool());
        if (!bad.isEmpty()) add("privileged", named(bad) + " must not set securityContext.privileged=true");
    }

    private void procMount() {
        var bad = where(c -> security(c).get("procMount").stringOr("Default").equals("Unmasked"));
        if (!bad.isEmpty()) add("procMount", named(bad) + " must not set securityContext.procMount to \"Unmasked\"");
    }

    private void volumes() {
        var names = new ArrayList<String>();
        var types = new TreeSet<String>();
        for (var volume : spec.get("volumes").views()) {
            var type = volume.map().keySet().stream()
                    .filter(key -> !key.equals("name"))
                    .findFirst()
                    .orElse("emptyDir");
            if (VOLUMES.contains(type)) continue;
            names.add(volume.get("name").string());
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
        var whole = spec.get("securityContext", "runAsNonRoot");
        var parts = new ArrayList<String>();
        var explicit =
                where(c -> Boolean.FALSE.equals(security(c).get("runAsNonRoot").value()));
        var silent = where(c -> !security(c).get("runAsNonRoot").exists());
        if (Boolean.FALSE.equals(whole.value())) parts.add("pod must not set securityContext.runAsNonRoot=false");
        if (!explicit.isEmpty()) parts.add(named(explicit) + " must not set securityContext.runAsNonRoot=false");
        if (parts.isEmpty() && !whole.bool() && !silent.isEmpty())
            parts.add("pod or " + named(silent) + " must set securityContext.runAsNonRoot=true");
        if (!parts.isEmpty()) add("runAsNonRoot != true", String.join("; ", parts));
    }

    private void runAsUser() {
        if (!level.atLeast(23)) return;
        var parts = new ArrayList<String>();
        if (spec.get("securityContext", "runAsUser").longOr(1) == 0) parts.add("pod must not set runAsUser=0");
        var bad = where(c -> security(c).get("runAsUser").longOr(1) == 0);
        if (!bad.isEmpty()) parts.add(named(bad) + " must not set runAsUser=0");
        if (!parts.isEmpty()) add("runAsUser=0", String.join(" and ", parts));
    }

    private static boolean confined(String type) {
        return type.equals("RuntimeDefault") || type.equals("Localhost");
    }

    private void seccomp() {
        var whole = spec.get("securityContext", "seccompProfile", "type").string();
        var parts = new ArrayList<String>();
        if (!whole.isEmpty() && !confined(whole))
            parts.add("pod must not set securityContext.seccompProfile.type to \"" + whole + "\"");
        var bad = where(c -> {
            var type = security(c).get("seccompProfile", "type").string();
            return !type.isEmpty() && !confined(type);
        });
        if (!bad.isEmpty())
            parts.add(named(bad) + " must not set securityContext.seccompProfile.type to \"Unconfined\"");
        var silent =
                where(c -> security(c).get("seccompProfile", "type").string().isEmpty());
        if (parts.isEmpty() && !confined(whole) && !silent.isEmpty())
            parts.add("pod or " + named(silent)
                    + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
        if (!parts.isEmpty()) add("seccompProfile", String.join(" and ", parts));
    }

    private void unconfined() {
        if (!level.atLeast(19)) return;
        var parts = new ArrayList<String>();
        if (spec.get("securityContext", "seccompProfile", "type").string().equals("Unconfined"))
            parts.add("pod must not set securityContext.seccompProfile.type to \"Unconfined\"");
        var bad = where(c -> security(c).get("seccompProfile", "type").string().equals("Unconfined"));
        if (!bad.isEmpty())
            parts.add(named(bad) + " must not set securityContext.seccompProfile.type to \"Unconfined\"");
        if (!parts.isEmpty()) add("seccompProfile", String.join(" and ", parts));
    }

    private void seLinux() {
        var allowed = Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");
        var types = new TreeSet<String>();
        var fields = new TreeSet<String>();
        java.util.function.Predicate<View> bad = context -> {
            var options = context.get("seLinuxOptions");
            boolean any = false;
            if (!allowed.contains(options.get("type").string())) {
                types.add(options.get("type").string());
                any = true;
            }
            for (var field : List.of("user", "role")) {
                if (options.get(field).string().isEmpty()) continue;
                fields.add(field);
                any = true;
            }
            return any;
        };
        boolean whole = bad.test(spec.get("securityContext"));
        var names = where(c -> bad.test(security(c)));
        if (!whole && names.isEmpty()) return;
        var who = (whole ? "pod" : "")
                + (whole && !names.isEmpty() ? " and " : "")
                + (names.isEmpty() ? "" : named(names));
        var what = new ArrayList<String>();
        if (!types.isEmpty()) what.add((types.size() == 1 ? "type " : "types ") + quoted(List.copyOf(types)));
        if (fields.contains("user")) what.add("user may not be set");
        if (fields.contains("role")) what.add("role may not be set");
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
        var bad = spec.get("securityContext", "sysctls").stream()
                .map(sysctl -> sysctl.get("name").string())
                .filter(name -> !allowed.contains(name))
                .sorted()
                .toList();
        if (!bad.isEmpty()) add("forbidden sysctls", String.join(", ", bad));
    }

    private void hostProcess() {
        var parts = new ArrayList<String>();
        if (spec.get("securityContext", "windowsOptions", "hostProcess").bool()) parts.add("pod");
        var bad = where(c -> security(c).get("windowsOptions", "hostProcess").bool());
        if (!bad.isEmpty()) parts.add(named(bad));
        if (!parts.isEmpty())
            add(
                    "hostProcess",
                    String.join(" and ", parts) + " must not set securityContext.windowsOptions.hostProcess=true");
    }
}
