package io.navarch.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.EvictionThresholds;
import io.navarch.agent.decide.PlacementConfig;
import io.navarch.agent.decide.Reservation;
import io.navarch.agent.decide.ResourceConfig;
import io.navarch.agent.decide.ShutdownPeriods;
import io.navarch.apiserver.ApiServerParts;
import io.navarch.apiserver.access.FrontProxy;
import io.navarch.apiserver.audit.AuditHandling;
import io.navarch.apiserver.audit.AuditLog;
import io.navarch.apiserver.audit.AuditMode;
import io.navarch.apiserver.audit.AuditPolicyFile;
import io.navarch.apiserver.audit.LogTarget;
import io.navarch.apps.snapshot.SnapshotSchedule;
import io.navarch.authorization.AuthorizationFlags;
import io.navarch.authorization.ConfiguredAuthorizers;
import io.navarch.client.Kubeconfig;
import io.navarch.hollow.Behaviour;
import io.navarch.http.Tls;
import io.navarch.images.Containerd;
import io.navarch.process.Options;
import io.navarch.tracing.TracingConfiguration;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerOptionsTest {
    private static final Host HOST = new Host("here", "192.0.2.7");

    private static final String AUDIT_POLICY =
            "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n";

    private static final String TRACING = "{apiVersion: apiserver.config.k8s.io/v1, kind: TracingConfiguration,"
            + " endpoint: 'collector:4317', samplingRatePerMillion: 7}";

    private static final String AUDIT_WEBHOOK = """
            current-context: c
            contexts: [{name: c, context: {cluster: a}}]
            clusters: [{name: a, cluster: {server: "http://192.0.2.9:8080/events"}}]
            """;

    @TempDir
    Path directory;

    private static ServerConfig config(List<String> arguments, Map<String, String> environment) {
        return ServerOptions.read(Options.parse(ServerOptions.DECLARED, arguments, environment), HOST);
    }

    private static final AgentConfig.Eviction USUAL_EVICTION = new AgentConfig.Eviction(
            EvictionThresholds.parse(
                    new EvictionThresholds.Statements(
                            List.of(EvictionThresholds.DEFAULT.split(",")), List.of(), List.of(), List.of()),
                    true),
            Duration.ofMinutes(5));
    private static final ResourceConfig USUAL_RESOURCES = new ResourceConfig(
            "",
            Reservation.NONE,
            0,
            new ResourceConfig.ImageKeeping(
                    85, 80, Duration.ofMinutes(2), Duration.ZERO, List.of(Containerd.PAUSE_IMAGE), 5),
            ResourceConfig.LogKeeping.DEFAULT,
            PlacementConfig.NONE,
            Optional.empty());

    @Test
    void defaults() {
        assertThat(config(List.of(), Map.of()))
                .isEqualTo(new ServerConfig(
                        Path.of("/var/lib/navarch"),
                        new ServerConfig.Serving(6443, "0.0.0.0", "192.0.2.7", List.of(), "", Duration.ZERO, ""),
                        new ServerConfig.Network("10.244.0.0/16", "10.96.0.0/16", "cluster.local", "10.96.0.10"),
                        new ServerConfig.Node(
                                true,
                                "here",
                                "192.0.2.7",
                                10271,
                                Path.of("/var/lib/navarch/manifests"),
                                AgentConfig.Hardening.NONE,
                                USUAL_EVICTION,
                                ShutdownPeriods.NONE,
                                USUAL_RESOURCES),
                        Path.of("/var/lib/navarch/encryption.yaml"),
                        new ServerConfig.Keeping(
                                Duration.ofMinutes(5),
                                Duration.ofHours(1),
                                new SnapshotSchedule.Plan(
                                        Path.of("/var/lib/navarch/snapshots"), Duration.ofHours(12), 5)),
                        new ServerConfig.Authentication(
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                "v1",
                                Duration.ofMinutes(2),
                                true,
                                FrontProxyConfig.NONE),
                        new ConfiguredAuthorizers.Sources(
                                Optional.empty(),
                                new AuthorizationFlags(
                                        List.of(),
                                        Optional.empty(),
                                        "v1beta1",
                                        Duration.ofMinutes(5),
                                        Duration.ofSeconds(30))),
                        new ApiServerParts.Traffic(true, 400, 200),
                        new ServerConfig.HollowNodes(
                                0,
                                new Behaviour(Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofSeconds(1), 0)),
                        new ServerConfig.Admission(List.of(), List.of(), AdmissionConfiguration.of("")),
                        new ServerConfig.ControllerSelection(List.of()),
                        AuditConfig.OFF,
                        Optional.empty(),
                        config(List.of(), Map.of()).introspection()));
    }

    private static void handling(Map<String, String> values, String plugin, String mode) {
        var at = "audit-" + plugin + "-";
        values.put(at + "mode", mode);
        values.put(at + "batch-buffer-size", "11");
        values.put(at + "batch-max-size", "12");
        values.put(at + "batch-max-wait", "13s");
        values.put(at + "batch-throttle-enable", plugin.equals("log") ? "true" : "false");
        values.put(at + "batch-throttle-qps", "1.5");
        values.put(at + "batch-throttle-burst", "14");
        values.put(at + "truncate-enabled", "true");
        values.put(at + "truncate-max-event-size", "15");
        values.put(at + "truncate-max-batch-size", "16");
    }

    /// A value for each option, none of them its default.
    private Map<String, String> values() throws IOException {
        var admission = Files.writeString(directory.resolve("admission.yaml"), "kind: AdmissionConfiguration\n");
        var values = new LinkedHashMap<String, String>();
        values.put("no-node", "true");
        values.put("controllers", "*,-job-controller");
        values.put("data-dir", "/data");
        values.put("port", "7443");
        values.put("encryption-provider-config", "/keys.yaml");
        values.put("profiling", "true");
        values.put("controller-manager-port", "1257");
        values.put("scheduler-port", "1259");
        values.put("proxy-metrics-bind-address", "192.0.2.3:1249");
        values.put("proxy-healthz-bind-address", "0.0.0.0:1256");
        values.put("dns-metrics-port", "1153");
        values.put("ingress-metrics-port", "0");
        values.put("etcd-compaction-interval", "1m30s");
        values.put("event-ttl", "2h0m0s");
        values.put("snapshot-every", "6h0m0s");
        values.put("snapshot-keep", "3");
        values.put("snapshot-dir", "/backup");
        values.put("authentication-config", "/authentication.yaml");
        values.put("authentication-token-webhook-config-file", "/webhook");
        values.put("authentication-token-webhook-version", "v1beta1");
        values.put("authentication-token-webhook-cache-seconds", "7");
        values.put("enable-priority-and-fairness", "false");
        values.put("max-requests-inflight", "40");
        values.put("max-mutating-requests-inflight", "20");
        values.put("anonymous-auth", "false");
        values.put("requestheader-client-ca-file", "/proxies");
        values.put("requestheader-allowed-names", "a,b");
        values.put("requestheader-username-headers", "X-U");
        values.put("requestheader-uid-headers", "X-I");
        values.put("requestheader-group-headers", "X-G");
        values.put("requestheader-extra-headers-prefix", "X-E-");
        values.put("proxy-client-cert-file", "/proxy.crt");
        values.put("proxy-client-key-file", "/proxy.key");
        values.put(
                "token-auth-file",
                Files.writeString(directory.resolve("tokens"), "t,u,1\n").toString());
        values.put("bind-address", "127.0.0.2");
        values.put("advertise-address", "192.0.2.1");
        values.put("tls-san", "api.example.org");
        values.put("kubeconfig-out", "/out");
        values.put("cluster-cidr", "10.1.0.0/16");
        values.put("service-cidr", "10.2.0.0/16");
        values.put("cluster-domain", "example.local");
        values.put("cluster-dns", "10.2.0.53");
        values.put("node-name", "other");
        values.put("node-ip", "192.0.2.2");
        values.put("enable-system-log-query", "true");
        values.put("seccomp-default", "true");
        values.put("allowed-unsafe-sysctls", "kernel.msg*");
        values.put("pod-manifest-path", "/manifests");
        values.put("store", "embedded");
        values.put("eviction-hard", "nodefs.available<1Gi, imagefs.available<2%");
        values.put("eviction-soft", "memory.available<2Gi");
        values.put("eviction-soft-grace-period", "memory.available=1m");
        values.put("eviction-minimum-reclaim", "nodefs.available=1Mi");
        values.put("eviction-max-pod-grace-period", "9");
        values.put("eviction-pressure-transition-period", "1m30s");
        values.put("shutdown-grace-period", "30s");
        values.put("shutdown-grace-period-critical-pods", "10s");
        values.put("shutdown-grace-period-by-pod-priority", "");
        values.put("reserved-cpus", "");
        values.put("image-gc-high-threshold", "70");
        values.put("image-gc-low-threshold", "60");
        values.put("minimum-image-ttl-duration", "3m");
        values.put("image-maximum-gc-age", "24h");
        values.put("max-parallel-image-pulls", "2");
        values.put("registry-port", "5000");
        values.put("container-log-max-size", "1Mi");
        values.put("container-log-max-files", "3");
        values.put("cgroup-root", "/nodes/one/");
        values.put("cpu-manager-policy", "static");
        values.put("cpu-manager-policy-options", "full-pcpus-only=true");
        values.put("memory-manager-policy", "Static");
        values.put("reserved-memory", "0:memory=1Gi");
        values.put("topology-manager-policy", "restricted");
        values.put("topology-manager-scope", "pod");
        values.put("topology-manager-policy-options", "max-allowable-numa-nodes=9");
        values.put("image-credential-provider-config", "/logins.yaml");
        values.put("image-credential-provider-bin-dir", "/bin");
        values.put("system-reserved", "cpu=100m,memory=1Gi");
        values.put("kube-reserved", "cpu=200m");
        values.put("enforce-node-allocatable", "pods,system-reserved,kube-reserved-compressible");
        values.put("system-reserved-cgroup", "/system");
        values.put("kube-reserved-cgroup", "/kube");
        values.put("pod-max-pids", "77");
        values.put("authorization-mode", "RBAC,Webhook");
        values.put("authorization-config", "");
        values.put("authorization-webhook-config-file", admission.toString());
        values.put("authorization-webhook-version", "v1");
        values.put("authorization-webhook-cache-authorized-ttl", "1m");
        values.put("authorization-webhook-cache-unauthorized-ttl", "0s");
        values.put(
                "audit-policy-file",
                Files.writeString(directory.resolve("audit.yaml"), AUDIT_POLICY).toString());
        values.put(
                "tracing-config-file",
                Files.writeString(directory.resolve("tracing.yaml"), TRACING).toString());
        values.put("audit-log-path", "/audit.log");
        values.put("audit-log-maxage", "30");
        values.put("audit-log-maxbackup", "5");
        values.put("audit-log-maxsize", "10");
        values.put("audit-log-compress", "true");
        values.put("audit-log-format", "legacy");
        values.put("audit-log-version", "audit.k8s.io/v1");
        values.put(
                "audit-webhook-config-file",
                Files.writeString(directory.resolve("audit-webhook"), AUDIT_WEBHOOK)
                        .toString());
        values.put("audit-webhook-initial-backoff", "3s");
        values.put("audit-webhook-version", "audit.k8s.io/v1");
        handling(values, "log", "batch");
        handling(values, "webhook", "blocking-strict");
        values.put("enable-admission-plugins", "A,B");
        values.put("disable-admission-plugins", "C");
        values.put("admission-control-config-file", admission.toString());
        var token = Files.writeString(directory.resolve("token"), "secret\n");
        values.put("token", "of no use beside a file");
        values.put("token-file", token.toString());
        values.put("service-account-max-token-expiration", "24h");
        values.put("hollow-nodes", "3");
        values.put("hollow-start-ms", "7");
        values.put("hollow-run-ms", "8");
        values.put("hollow-failures", "0.5");
        values.put("verbose", "true");
        values.put("logging-format", "json");
        values.put("v", "3");
        values.put("vmodule", "Audit=4");
        values.put("log-file", "/var/log/navarch.log");
        values.put("beat-file", "/run/navarch.beat");
        assertThat(values.keySet())
                .containsExactlyInAnyOrderElementsOf(ServerOptions.DECLARED.stream()
                        .map(Options.Option::name)
                        .toList());
        return values;
    }

    private void assertMapped(ServerConfig read) {
        assertThat(read.authentication().others()).hasSize(1);
        assertThat(read)
                .isEqualTo(new ServerConfig(
                        Path.of("/data"),
                        new ServerConfig.Serving(
                                7443,
                                "127.0.0.2",
                                "192.0.2.1",
                                List.of("api.example.org"),
                                "secret",
                                Duration.ofHours(24),
                                "/out"),
                        new ServerConfig.Network("10.1.0.0/16", "10.2.0.0/16", "example.local", "10.2.0.53"),
                        new ServerConfig.Node(
                                false,
                                "other",
                                "192.0.2.2",
                                5000,
                                Path.of("/manifests"),
                                new AgentConfig.Hardening(true, List.of("kernel.msg*"), true),
                                new AgentConfig.Eviction(
                                        EvictionThresholds.parse(
                                                new EvictionThresholds.Statements(
                                                        List.of("nodefs.available<1Gi", "imagefs.available<2%"),
                                                        List.of("memory.available<2Gi"),
                                                        List.of("memory.available=1m"),
                                                        List.of("nodefs.available=1Mi")),
                                                true),
                                        Duration.ofSeconds(90),
                                        9),
                                ShutdownPeriods.of(30, 10),
                                new ResourceConfig(
                                        "/nodes/one",
                                        new Reservation(
                                                Reservation.parse(List.of("cpu=100m", "memory=1Gi")),
                                                Reservation.parse(List.of("cpu=200m")),
                                                Set.of("pods", "system-reserved", "kube-reserved-compressible"),
                                                "/system",
                                                "/kube"),
                                        77,
                                        new ResourceConfig.ImageKeeping(
                                                70,
                                                60,
                                                Duration.ofMinutes(3),
                                                Duration.ofHours(24),
                                                List.of(Containerd.PAUSE_IMAGE),
                                                2),
                                        new ResourceConfig.LogKeeping(1 << 20, 3),
                                        read.node().resources().placement(),
                                        Optional.of(new ResourceConfig.LoginPrograms(
                                                Path.of("/logins.yaml"), Path.of("/bin"))))),
                        Path.of("/keys.yaml"),
                        new ServerConfig.Keeping(
                                Duration.ofSeconds(90),
                                Duration.ofHours(2),
                                new SnapshotSchedule.Plan(Path.of("/backup"), Duration.ofHours(6), 3)),
                        new ServerConfig.Authentication(
                                Optional.of(Path.of("/authentication.yaml")),
                                read.authentication().others(),
                                Optional.of(Path.of("/webhook")),
                                "v1beta1",
                                Duration.ofSeconds(7),
                                false,
                                new FrontProxyConfig(
                                        Optional.of(Path.of("/proxies")),
                                        new FrontProxy(
                                                List.of("a", "b"),
                                                List.of("X-U"),
                                                List.of("X-I"),
                                                List.of("X-G"),
                                                List.of("X-E-")),
                                        Optional.of(new FrontProxyConfig.Shown(
                                                Path.of("/proxy.crt"), Path.of("/proxy.key"))))),
                        new ConfiguredAuthorizers.Sources(
                                Optional.empty(),
                                new AuthorizationFlags(
                                        List.of("RBAC", "Webhook"),
                                        Optional.of(directory.resolve("admission.yaml")),
                                        "v1",
                                        Duration.ofMinutes(1),
                                        Duration.ZERO)),
                        new ApiServerParts.Traffic(false, 40, 20),
                        new ServerConfig.HollowNodes(
                                3, new Behaviour(Duration.ofMillis(7), Duration.ofMillis(7), Duration.ofMillis(8), .5)),
                        new ServerConfig.Admission(
                                List.of("A", "B"),
                                List.of("C"),
                                AdmissionConfiguration.of(
                                        directory.resolve("admission.yaml").toString())),
                        new ServerConfig.ControllerSelection(List.of("*", "-job-controller")),
                        new AuditConfig(
                                Optional.of(AuditPolicyFile.read(AUDIT_POLICY)),
                                Optional.of(new AuditConfig.Log(
                                        "/audit.log",
                                        new AuditLog.Keeping(10, 5, 30, true),
                                        LogTarget.Format.LEGACY,
                                        handling(AuditMode.BATCH, Optional.of(new AuditHandling.Throttle(1.5, 14))))),
                                Optional.of(new AuditConfig.Webhook(
                                        new Kubeconfig(
                                                URI.create("http://192.0.2.9:8080/events"),
                                                new Tls.Trust.Machine(),
                                                Optional.empty(),
                                                ""),
                                        Duration.ofSeconds(3),
                                        handling(AuditMode.BLOCKING_STRICT, Optional.empty())))),
                        Optional.of(new TracingConfiguration("collector:4317", 7)),
                        read.introspection()));
        assertThat(read.introspection().debug()).isTrue();
        assertThat(read.introspection().flags()).containsEntry("port", "7443").containsEntry("no-node", "true");
        // In the environment or the file; it is not told what it is.
        assertThat(read.introspection().flags().get("token")).isIn("", "[REDACTED]");
    }

    private static AuditHandling handling(AuditMode mode, Optional<AuditHandling.Throttle> throttle) {
        return new AuditHandling(
                mode,
                new AuditHandling.Batching(11, 12, Duration.ofSeconds(13), throttle),
                Optional.of(new AuditHandling.Truncation(15, 16)));
    }

    @Test
    void everyFlagHasItsField() throws IOException {
        var arguments = new ArrayList<String>();
        values().forEach((name, value) -> {
            if (!name.equals("token")) arguments.add("--" + name + "=" + value);
        });
        assertMapped(config(arguments, Map.of()));
    }

    @Test
    void everyVariableHasItsField() throws IOException {
        var environment = new LinkedHashMap<String, String>();
        values().forEach((name, value) ->
                environment.put("NAVARCH_" + name.toUpperCase(Locale.ROOT).replace('-', '_'), value));
        assertMapped(config(List.of(), environment));
    }

    @Test
    void everyKeyOfTheFileHasItsField() throws IOException {
        var lines = new ArrayList<String>();
        values().forEach((name, value) -> lines.add(name + ": \"" + value + "\""));
        var file = Files.write(directory.resolve("server.yaml"), lines);
        assertMapped(config(List.of("--config", file.toString()), Map.of()));
    }

    @Test
    void tokensOfAccountsLiveAtLeastAnHour() {
        for (var wrong : List.of("1m", "5", "-1h", "2000000h", "1d"))
            assertThatThrownBy(() -> config(List.of("--service-account-max-token-expiration", wrong), Map.of()))
                    .as(wrong)
                    .isInstanceOf(Options.UsageException.class);
    }

    @Test
    void theApiIsAdvertisedAtTheNodesAddress() {
        assertThat(config(List.of("--node-ip", "192.0.2.9"), Map.of()).serving().advertiseAddress())
                .isEqualTo("192.0.2.9");
    }

    @Test
    void flagsWinOverVariablesOverTheFile() throws IOException {
        var file = directory.resolve("config.yaml");
        Files.writeString(file, "port: 1\nnode-name: file\ncluster-domain: file.local\n");
        var read = config(
                List.of("--config", file.toString(), "--port=3"),
                Map.of("NAVARCH_PORT", "2", "NAVARCH_NODE_NAME", "variable"));
        assertThat(read.serving().port()).isEqualTo(3);
        assertThat(read.node().name()).isEqualTo("variable");
        assertThat(read.network().clusterDomain()).isEqualTo("file.local");
        assertThat(read.network().dnsAddress()).isEqualTo("10.96.0.10");
    }

    @Test
    void mistakesNameTheNearestKnownOption() throws IOException {
        assertThatThrownBy(() -> config(List.of("--prot", "1"), Map.of()))
                .hasMessage("unknown flag --prot (did you mean --port?)");
        var file = directory.resolve("config.yaml");
        Files.writeString(file, "node_name: x\n");
        assertThatThrownBy(() -> config(List.of("--config", file.toString()), Map.of()))
                .hasMessageContaining("did you mean --node-name?");
        assertThatThrownBy(() -> config(List.of("--port", "x"), Map.of())).hasMessageContaining("must be a number");
        assertThatThrownBy(() -> config(List.of("--service-cidr", "x"), Map.of()))
                .hasMessageContaining("IPv4 network");
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> config(List.of("--store", "etcd"), Map.of()))
                .hasMessage("--store etcd: this build has the embedded store only");
        assertThatThrownBy(() -> config(List.of("--hollow-start-ms", "5-"), Map.of()))
                .hasMessageContaining("such as 50 or 50-500, not 5-");
        assertThatThrownBy(() -> config(List.of("--hollow-failures", "2"), Map.of()))
                .hasMessageContaining("from 0 to 1, not 2");
        assertThatThrownBy(() -> config(List.of("more"), Map.of())).hasMessage("unexpected argument more");
    }
}
