package io.navarch.bootstrap;

import io.navarch.client.Client;
import io.navarch.kinds.node.NodeGateways;
import io.navarch.model.ApiObject;
import io.navarch.model.ClusterRole;
import io.navarch.model.ClusterRoleBinding;
import io.navarch.model.ConfigMap;
import io.navarch.model.PolicyRule;
import io.navarch.model.Resources;
import io.navarch.model.Role;
import io.navarch.model.RoleBinding;
import io.navarch.model.Subject;
import io.navarch.model.SubjectKind;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.Yaml;
import io.navarch.process.TaskScope;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What nodes find that join: the objects that `kubeadm init` makes, by its names, so that `kubeadm join` and stock
/// kubelets find them too, and the rights of a node's own service proxy. What exists is left as it is, except for
/// where the cluster is.
///
/// Source: https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/
public final class Joining {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
    private static final long AGAIN_MILLIS = 1000;
    private static final String RBAC = Resources.ROLES.group();
    private static final String PUBLIC = "kube-public";
    private static final String SYSTEM = "kube-system";
    private static final String CLUSTER_INFO = "cluster-info";
    private static final String KUBECONFIG = "kubeconfig";
    private static final String GET_NODES = "kubeadm:get-nodes";
    private static final String JOINING = "system:bootstrappers:kubeadm:default-node-token";
    private static final String NODES = "system:nodes";
    /// DNS and ingress in a process of their own.
    private static final String NETWORK = "navarch:network";

    private static final String DNS = "kube-dns";
    private static final String SIGNING = "system:certificates.k8s.io:certificatesigningrequests:";

    private final Client client;

    public Joining(Client client) {
        this.client = client;
    }

    /// What the objects say about this cluster.
    ///
    /// @param server where nodes reach the API, such as `https://192.0.2.7:6443`
    /// @param authority of the cluster's certificates, as PEM text
    /// @param dnsAddress of the Service that pods ask for names
    public record Cluster(
            String server,
            String authority,
            String version,
            String podCidr,
            String serviceCidr,
            String domain,
            String dnsAddress) {}

    /// As [#run], again until it succeeds.
    public void keepTrying(Cluster cluster) throws InterruptedException {
        while (true) {
            try {
                run(cluster);
                return;
            } catch (ApiException e) {
                LOG.warn("nobody can join yet: {}", e.getMessage());
                TaskScope.pause(AGAIN_MILLIS);
            }
        }
    }

    public void run(Cluster cluster) {
        var anybody = List.of(subject(SubjectKind.USER, "system:anonymous"));
        var both = List.of(subject(SubjectKind.GROUP, JOINING), subject(SubjectKind.GROUP, NODES));
        var nodes = List.of(subject(SubjectKind.GROUP, NODES));
        var network = subject(SubjectKind.USER, NETWORK);
        SideBySide.run(List.of(
                () -> clusterInfo(cluster),
                () -> configuration("kubeadm-config", "ClusterConfiguration", clusterConfiguration(cluster)),
                () -> configuration("kubelet-config", "kubelet", kubeletConfiguration(cluster)),
                () -> readable(PUBLIC, "kubeadm:bootstrap-signer-clusterinfo", CLUSTER_INFO, anybody),
                () -> readable(SYSTEM, "kubeadm:nodes-kubeadm-config", "kubeadm-config", both),
                () -> readable(SYSTEM, "kubeadm:kubelet-config", "kubelet-config", both.reversed()),
                // What a node follows as long as it is one: where other nodes' pods are, and whom to trust.
                () -> followed(SYSTEM, "navarch:node-networks", NodeGateways.KEY.name(), nodes),
                () -> readable(PUBLIC, "navarch:node-authorities", CLUSTER_INFO, nodes),
                () -> permitted(SYSTEM, NETWORK, networkRules(), List.of(network)),
                () -> role(GET_NODES, rule("", "get", "nodes")),
                () -> bind(GET_NODES, GET_NODES, JOINING),
                () -> bind("kubeadm:kubelet-bootstrap", "system:node-bootstrapper", JOINING),
                () -> bind("kubeadm:node-autoapprove-bootstrap", SIGNING + "nodeclient", JOINING),
                () -> bind("kubeadm:node-autoapprove-certificate-rotation", SIGNING + "selfnodeclient", NODES)));
    }

    /// Where the cluster is and whom to trust there; signatures of tokens are the bootstrap signer's to add.
    private void clusterInfo(Cluster cluster) {
        var authority = Base64.getEncoder().encodeToString(cluster.authority.getBytes(StandardCharsets.US_ASCII));
        var text = Yaml.write(Trees.map(
                "apiVersion",
                "v1",
                "clusters",
                List.of(Trees.map(
                        "cluster",
                        Trees.map("certificate-authority-data", authority, "server", cluster.server),
                        "name",
                        "")),
                "contexts",
                List.of(),
                "current-context",
                "",
                "kind",
                "Config",
                "users",
                List.of()));
        var map = ConfigMap.builder()
                .metadata(metadata -> metadata.name(CLUSTER_INFO).namespace(PUBLIC))
                .putData(KUBECONFIG, text)
                .build();
        var known = client.find(Resources.CONFIG_MAPS, map.key());
        if (!known.exists()) make(Resources.CONFIG_MAPS, map);
        else if (!text.equals(known.data().get(KUBECONFIG)))
            client.mergePatch(
                    Resources.CONFIG_MAPS,
                    map.key(),
                    "",
                    ConfigMap.builder().putData(KUBECONFIG, text).map());
    }

    private void configuration(String name, String key, String text) {
        create(
                Resources.CONFIG_MAPS,
                ConfigMap.builder()
                        .metadata(metadata -> metadata.name(name).namespace(SYSTEM))
                        .putData(key, text)
                        .build());
    }

    private static String clusterConfiguration(Cluster cluster) {
        return Yaml.write(Trees.map(
                "apiVersion",
                "kubeadm.k8s.io/v1beta4",
                "certificatesDir",
                "/etc/kubernetes/pki",
                "clusterName",
                "kubernetes",
                "kind",
                "ClusterConfiguration",
                "kubernetesVersion",
                cluster.version,
                "networking",
                Trees.map(
                        "dnsDomain",
                        cluster.domain,
                        "podSubnet",
                        cluster.podCidr,
                        "serviceSubnet",
                        cluster.serviceCidr)));
    }

    private static String kubeletConfiguration(Cluster cluster) {
        return Yaml.write(Trees.map(
                "apiVersion",
                "kubelet.config.k8s.io/v1beta1",
                "authentication",
                Trees.map(
                        "anonymous",
                        Trees.map("enabled", false),
                        "webhook",
                        Trees.map("enabled", true),
                        "x509",
                        Trees.map("clientCAFile", "/etc/kubernetes/pki/ca.crt")),
                "authorization",
                Trees.map("mode", "Webhook"),
                "clusterDNS",
                List.of(cluster.dnsAddress),
                "clusterDomain",
                cluster.domain,
                "healthzBindAddress",
                "127.0.0.1",
                "healthzPort",
                10248L,
                "kind",
                "KubeletConfiguration",
                "rotateCertificates",
                true,
                "staticPodPath",
                "/etc/kubernetes/manifests"));
    }

    /// A ConfigMap that only these may read.
    private void readable(String namespace, String role, String map, List<Subject> subjects) {
        permitted(namespace, role, List.of(named("", "get", "configmaps", map)), subjects);
    }

    /// As one that is readable, which is what clusters of earlier versions have.
    private void followed(String namespace, String role, String map, List<Subject> subjects) {
        var rules = List.of(named("", "get,list,watch", "configmaps", map));
        permitted(namespace, role, rules, subjects);
        var key = new ObjectKey(namespace, role);
        if (client.get(Resources.ROLES, key).rules().equals(rules)) return;
        client.mergePatch(Resources.ROLES, key, "", Role.builder().rules(rules).map());
    }

    /// Besides what its ClusterRole permits: to learn of the network, and to be who pods ask for names.
    private static List<PolicyRule> networkRules() {
        return List.of(
                named("", "get", "configmaps", "kubeadm-config", "kubelet-config"),
                rule("", "create", "services"),
                rule("", "create", "endpoints"),
                rule("discovery.k8s.io", "create", "endpointslices"),
                named("", "get", "services", DNS),
                named("", "get,patch", "endpoints", DNS),
                named("discovery.k8s.io", "get,patch", "endpointslices", DNS));
    }

    private void permitted(String namespace, String role, List<PolicyRule> rules, List<Subject> subjects) {
        create(
                Resources.ROLES,
                Role.builder()
                        .metadata(metadata -> metadata.name(role).namespace(namespace))
                        .rules(rules)
                        .build());
        create(
                Resources.ROLE_BINDINGS,
                RoleBinding.builder()
                        .metadata(metadata -> metadata.name(role).namespace(namespace))
                        .roleRef(reference -> reference
                                .apiGroup(RBAC)
                                .kind(Resources.ROLES.kind())
                                .name(role))
                        .subjects(subjects)
                        .build());
    }

    private static PolicyRule named(String group, String verbs, String resource, String... names) {
        return rule(group, verbs, resource).toBuilder()
                .resourceNames(List.of(names))
                .build();
    }

    private static PolicyRule rule(String group, String verbs, String resource) {
        return PolicyRule.builder()
                .verbs(List.of(verbs.split(",")))
                .addApiGroups(group)
                .addResources(resource)
                .build();
    }

    private void role(String name, PolicyRule... rules) {
        create(
                Resources.CLUSTER_ROLES,
                ClusterRole.builder()
                        .metadata(metadata -> metadata.name(name))
                        .rules(List.of(rules))
                        .build());
    }

    private void bind(String name, String role, String group) {
        create(
                Resources.CLUSTER_ROLE_BINDINGS,
                ClusterRoleBinding.builder()
                        .metadata(metadata -> metadata.name(name))
                        .roleRef(reference -> reference
                                .apiGroup(RBAC)
                                .kind(Resources.CLUSTER_ROLES.kind())
                                .name(role))
                        .subjects(List.of(subject(SubjectKind.GROUP, group)))
                        .build());
    }

    private static Subject subject(SubjectKind kind, String name) {
        return Subject.builder().apiGroup(RBAC).kind(kind).name(name).build();
    }

    private <T extends ApiObject> void create(ResourceType<T> type, T object) {
        if (!client.find(type, object.key()).exists()) make(type, object);
    }

    private <T extends ApiObject> void make(ResourceType<T> type, T object) {
        try {
            client.create(type, object);
        } catch (ApiException e) {
            if (e.reason() != ApiException.Reason.ALREADY_EXISTS) throw e;
        }
    }
}
