package io.navarch.apps;

import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.ResourceConfig;
import io.navarch.agent.decide.ShutdownPeriods;
import io.navarch.apiserver.ApiServerParts;
import io.navarch.apps.endpoints.Listening;
import io.navarch.apps.snapshot.SnapshotSchedule;
import io.navarch.authentication.TokenAuthenticator;
import io.navarch.authorization.ConfiguredAuthorizers;
import io.navarch.hollow.Behaviour;
import io.navarch.process.pages.ComponentPages;
import io.navarch.tracing.TracingConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What `navarch server` is to run, read and checked: see [ServerOptions] for how each value is given.
///
/// @param encryption the file that says how stored values are encrypted
/// @param authorization who is asked what callers may do
public record ServerConfig(
        Path dataDirectory,
        Serving serving,
        Network network,
        Node node,
        Path encryption,
        Keeping keeping,
        Authentication authentication,
        ConfiguredAuthorizers.Sources authorization,
        ApiServerParts.Traffic traffic,
        HollowNodes hollow,
        Admission admission,
        ControllerSelection controllers,
        AuditConfig audit,
        Optional<TracingConfiguration> tracing,
        Introspection introspection) {

    /// What is told of the parts, and where.
    ///
    /// @param flags with which the process was started, without what is secret
    /// @param debug whether those who may can change how much is logged
    record Introspection(
            Map<String, String> flags,
            boolean debug,
            Listening.Plane plane,
            Listening.Proxy proxy,
            Listening.Network network) {
        ComponentPages.Component component(String name) {
            return new ComponentPages.Component(name, ControlPlane.VERSION, flags, debug);
        }
    }

    /// How the API is served.
    ///
    /// @param bindAddress to listen on
    /// @param advertiseAddress where pods and nodes reach the API
    /// @param tlsNames further names in the API's certificate
    /// @param token counts as an administrator's, `""`: there is none
    /// @param longestToken how long tokens of service accounts may live; zero for as long as somebody asks for
    /// @param kubeconfigOut a further file for the administrator's kubeconfig, `""`: there is none
    record Serving(
            int port,
            String bindAddress,
            String advertiseAddress,
            List<String> tlsNames,
            String token,
            Duration longestToken,
            String kubeconfigOut) {}

    /// How long what is over is kept.
    ///
    /// @param history what was, which clients may still ask for; zero: until there is too much of it
    /// @param events Events after they were written; zero: for ever
    /// @param snapshots copies that the server makes by itself
    record Keeping(Duration history, Duration events, SnapshotSchedule.Plan snapshots) {}

    /// Who is recognised besides those whose credentials this cluster makes.
    ///
    /// @param configuration an `AuthenticationConfiguration`
    /// @param others who recognises tokens by something else
    /// @param webhook the kubeconfig of a service that is asked whose a token is
    /// @param anonymous whether somebody without credentials is somebody
    record Authentication(
            Optional<Path> configuration,
            List<TokenAuthenticator> others,
            Optional<Path> webhook,
            String webhookVersion,
            Duration webhookKept,
            boolean anonymous,
            FrontProxyConfig frontProxy) {}

    /// Addresses and names inside the cluster.
    ///
    /// @param dnsAddress of the Service that pods ask for names
    record Network(String clusterCidr, String serviceCidr, String clusterDomain, String dnsAddress) {
        /// The first address of the Service network is the API server's.
        String apiServerAddress() {
            return address(serviceCidr, 1);
        }

        /// An address of an IPv4 network, counted from the network's own.
        static String address(String cidr, int offset) {
            long number = offset;
            long place = 1L << 24;
            for (var part : cidr.split("/")[0].split("\\.")) {
                number += Integer.parseInt(part) * place;
                place >>= 8;
            }
            return (number >> 24 & 255) + "." + (number >> 16 & 255) + "." + (number >> 8 & 255) + "." + (number & 255);
        }
    }

    /// The node on this machine.
    ///
    /// @param runs false for a control plane without a node
    /// @param registryPort of the cluster's registry beside it, 0 for none
    /// @param manifests of the pods that the node runs by itself
    record Node(
            boolean runs,
            String name,
            String address,
            int registryPort,
            Path manifests,
            AgentConfig.Hardening hardening,
            AgentConfig.Eviction eviction,
            ShutdownPeriods shutdown,
            ResourceConfig resources) {}

    /// Further nodes that only pretend to run pods.
    record HollowNodes(int count, Behaviour behaviour) {}

    /// The admission plugins that differ from the default, and the file that configures them.
    record Admission(List<String> enabled, List<String> disabled, AdmissionConfiguration configuration) {}

    /// Which controllers run, said as kube-controller-manager's `--controllers` says it: `*` for all, `foo` for that
    /// one, `-foo` for all but that one, `-*` for none but those that are named. The scheduler is `kube-scheduler`.
    record ControllerSelection(List<String> names) {
        boolean runs(String name) {
            if (names.contains("-" + name)) return false;
            boolean others =
                    names.contains("*") || names.stream().allMatch(each -> each.startsWith("-") && !each.equals("-*"));
            return others || names.contains(name);
        }
    }

    /// Every name and address that the API's certificate is valid for.
    List<String> certificateNames() {
        var names = new ArrayList<>(List.of(
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc." + network.clusterDomain,
                "localhost",
                node.name,
                "127.0.0.1",
                network.apiServerAddress(),
                serving.advertiseAddress));
        if (!names.contains(node.address)) names.add(node.address);
        names.addAll(serving.tlsNames);
        return names;
    }
}
