package io.navarch.specs;

import static io.navarch.specs.PlaneUnderTest.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.client.Client;
import io.navarch.client.HttpsTransport;
import io.navarch.client.Informer;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import io.navarch.join.CertificateOrder;
import io.navarch.join.CertificatePin;
import io.navarch.join.ClusterInfo;
import io.navarch.join.JoinConfig;
import io.navarch.join.JoinTokens;
import io.navarch.join.Membership;
import io.navarch.join.NewUser;
import io.navarch.join.NodePlace;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest.AlternativeNames;
import io.navarch.kinds.certificatesigningrequest.FreshKey;
import io.navarch.kinds.certificatesigningrequest.Signers;
import io.navarch.kinds.node.NodeGateways;
import io.navarch.kinds.secret.FreshToken;
import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.ConditionStatus;
import io.navarch.model.ConfigMap;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ApiException.Reason;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.pki.Pki;
import io.navarch.process.TaskScope;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// How nodes and users come to a cluster, over HTTPS, with no more than a token or nothing at all.
class JoiningSpecsTest {
    private static final ObjectKey INFO = new ObjectKey("kube-public", "cluster-info");
    private static final InstantSource CLOCK = InstantSource.system();
    private static final SecureRandom RANDOM = new SecureRandom();

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private static final EventLoops LOOPS = new EventLoops(1);
    private static final HttpClient HTTP = new HttpClient(LOOPS, Duration.ofSeconds(5));

    /// What those who join find is written a little after the start.
    @BeforeAll
    static void exists() {
        eventually(
                () -> plane.client.find(
                        Resources.CLUSTER_ROLE_BINDINGS.untyped(),
                        new ObjectKey("", "kubeadm:node-autoapprove-certificate-rotation")),
                View::exists);
    }

    @AfterAll
    static void stop() {
        HTTP.close();
        LOOPS.close();
    }

    private final JoinTokens tokens = new JoinTokens(plane.client, CLOCK, RANDOM);

    private static Client with(String token, Optional<Tls.Identity> identity) {
        var tls = Tls.client(new Tls.Trust.Authorities(plane.authority()), identity);
        var target = HttpClient.Target.secure("127.0.0.1", plane.plane.port(), tls);
        return new Client(new HttpsTransport(HTTP, target, token, "test"), "test");
    }

    private static Client with(FreshToken token) {
        return with(token.toString(), Optional.empty());
    }

    private static Client nobody() {
        return with("", Optional.empty());
    }

    private static Reason refusal(Client client, ResourceType<?> type, String namespace, String name) {
        try {
            client.get(type, new ObjectKey(namespace, name));
        } catch (ApiException e) {
            return e.reason();
        }
        throw new AssertionError(name + " may be read");
    }

    private static ConfigMap signedWith(FreshToken token) {
        var key = "jws-kubeconfig-" + token.id();
        return ConfigMap.of(eventually(
                () -> nobody().get(Resources.CONFIG_MAPS, INFO).view(),
                map -> !map.get("data", key).string().isEmpty()));
    }

    @Test
    void whoKnowsATokenCanTrustTheCluster() {
        var token = tokens.create(Duration.ofHours(1), "for a test");
        var said = signedWith(token);
        var pin = CertificatePin.of(plane.authority());
        var info = ClusterInfo.believed(said, token, List.of(pin));
        assertThat(info.authority()).isEqualTo(plane.authority());
        assertThat(info.server().getPort()).isEqualTo(plane.plane.port());
        assertThat(refusal(nobody(), Resources.CONFIG_MAPS, "kube-system", "kubelet-config"))
                .isEqualTo(Reason.FORBIDDEN);
        assertThatThrownBy(() ->
                        ClusterInfo.believed(said, token, List.of(CertificatePin.parse("sha256:" + "0".repeat(64)))))
                .hasMessageContaining(pin.toString());
        assertThatThrownBy(() -> ClusterInfo.believed(said, new FreshToken(token.id(), "0123456789abcdef"), List.of()))
                .hasMessageContaining("not signed with the token " + token.id());
    }

    @Test
    void aTokenLetsANodeInAndNothingElse() throws Exception {
        var token = tokens.create(Duration.ofHours(1), "");
        var joining = with(token);
        assertThat(joining.get(Resources.CONFIG_MAPS, new ObjectKey("kube-system", "kubelet-config"))
                        .data()
                        .get("kubelet"))
                .contains("clusterDomain: cluster.local");
        assertThat(joining.get(Resources.CONFIG_MAPS, new ObjectKey("kube-system", "kubeadm-config"))
                        .data()
                        .get("ClusterConfiguration"))
                .contains("serviceSubnet: 10.96.0.0/16");
        assertThat(refusal(joining, Resources.NODES, "", "joined")).isEqualTo(Reason.NOT_FOUND);
        assertThat(refusal(joining, Resources.SECRETS, "kube-system", "bootstrap-token-" + token.id()))
                .isEqualTo(Reason.FORBIDDEN);
        var key = FreshKey.of(RANDOM, "system:node:joined", List.of("system:nodes"), AlternativeNames.NONE);
        var order = new CertificateOrder(joining, CLOCK);
        var placed = order.place("node-csr-", key, Signers.KUBELET_CLIENT, FreshKey.CLIENT_USAGES, Duration.ZERO);
        var certificate = order.await(placed, Duration.ofSeconds(20));
        var node = with("", Optional.of(new Tls.Identity(certificate, key.key())));
        assertThat(who(node)).isEqualTo("system:node:joined");
        node.create(Resources.NODES, Trees.map("metadata", Trees.map("name", "joined")));
        assertThat(node.items(Resources.ENDPOINT_SLICES, "", "")).isNotEmpty();
        assertThat(refusal(node, Resources.SECRETS, "kube-system", "bootstrap-token-" + token.id()))
                .isEqualTo(Reason.FORBIDDEN);
        // Its next certificate it gets by the one it has.
        var next = FreshKey.of(RANDOM, "system:node:joined", List.of("system:nodes"), AlternativeNames.NONE);
        var renewal = new CertificateOrder(node, CLOCK);
        var renewed = renewal.place("csr-", next, Signers.KUBELET_CLIENT, FreshKey.CLIENT_USAGES, Duration.ZERO);
        assertThat(renewal.await(renewed, Duration.ofSeconds(20))).startsWith("-----BEGIN CERTIFICATE-----");
    }

    private static String who(Client client) {
        var review = client.create(Resources.SELF_SUBJECT_REVIEWS, Map.of());
        return review.status().userInfo().username();
    }

    @Test
    void aTokenThatIsDeletedCountsNoMore() {
        var token = tokens.create(Duration.ZERO, "");
        signedWith(token);
        assertThat(tokens.all())
                .anySatisfy(known -> assertThat(known.id()).isEqualTo(token.id()))
                .allSatisfy(known -> assertThat(known.usages()).containsExactly("authentication", "signing"));
        tokens.delete(token.toString());
        eventually(
                () -> nobody().get(Resources.CONFIG_MAPS, INFO).view(),
                map -> !map.get("data", "jws-kubeconfig-" + token.id()).exists());
        assertThat(refusal(with(token), Resources.NODES, "", "joined")).isEqualTo(Reason.UNAUTHORIZED);
    }

    private static JoinConfig config(Path directory, Optional<FreshToken> token, CertificatePin... pins) {
        var server = URI.create(plane.url());
        return new JoinConfig(server, token, List.of(pins), directory, "member", "192.0.2.8", Duration.ZERO);
    }

    @Test
    void aNodeJoinsOnceAndIsKnownFromThenOn(@TempDir Path directory) throws Exception {
        var token = tokens.create(Duration.ofHours(1), "");
        var wrong = CertificatePin.parse("sha256:" + "0".repeat(64));
        var right = CertificatePin.of(plane.authority());
        var now = new AtomicReference<>(Instant.now());
        // Time flies: a minute passes with each look at the clock.
        InstantSource fast = () -> now.updateAndGet(at -> at.plusSeconds(60));
        assertThatThrownBy(() -> Membership.enter(config(directory, Optional.of(token), wrong), LOOPS, fast, RANDOM))
                .hasMessageContaining("none of those given");
        assertThatThrownBy(() -> Membership.enter(config(directory, Optional.empty()), LOOPS, CLOCK, RANDOM))
                .hasMessageContaining("give --token");
        // The server says where others reach it; here it listens for this machine alone.
        plane.client.mergePatch(
                Resources.CONFIG_MAPS,
                INFO,
                "",
                ConfigMap.builder()
                        .putData(
                                "kubeconfig",
                                signedWith(token)
                                        .data()
                                        .get("kubeconfig")
                                        .replaceAll("https://[0-9.]+:", "https://127.0.0.1:"))
                        .map());
        var member = Membership.enter(config(directory, Optional.of(token), right), LOOPS, CLOCK, RANDOM);
        assertThat(who(member.client("test"))).isEqualTo("system:node:member");
        var place = NodePlace.of(member.client("test"), "member", CLOCK);
        assertThat(place.podCidr()).startsWith("10.244.");
        assertThat(place.dnsAddress()).isEqualTo("10.96.0.10");
        tokens.delete(token.id());
        var again = Membership.enter(config(directory, Optional.empty()), LOOPS, CLOCK, RANDOM);
        assertThat(who(again.client("test"))).isEqualTo("system:node:member");
        serves(again);
        follows(again, directory);
    }

    /// The authority is exchanged, and the former one ends: the node goes on, and forgets the former one.
    private static void follows(Membership member, Path directory) throws Exception {
        var former = plane.authority();
        var commands = new Pki(plane.directory().resolve("pki"), CLOCK);
        commands.exchangeAuthority();
        plane.certificates.look();
        member.lookAfterAuthorities();
        // Whether it has been told already or not.
        assertThat(Files.readString(directory.resolve("ca.crt"))).contains(former);
        told(commands.authorityPem());
        member.lookAfterAuthorities();
        assertThat(Files.readString(directory.resolve("ca.crt"))).isEqualTo(commands.authorityPem());
        // What the former one has signed is replaced before that ends.
        var before = Files.readString(directory.resolve("client.pem"));
        member.lookAfterClient();
        assertThat(Files.readString(directory.resolve("client.pem"))).isNotEqualTo(before);
        commands.retireAuthorities();
        plane.certificates.look();
        told(commands.authorityPem());
        assertThat(who(member.client("test"))).isEqualTo("system:node:member");
        member.lookAfterAuthorities();
        assertThat(Files.readString(directory.resolve("ca.crt")))
                .isEqualTo(commands.authorityPem())
                .doesNotContain(former);
        assertThat(who(member.client("test"))).isEqualTo("system:node:member");
        var kept = Membership.enter(config(directory, Optional.empty()), LOOPS, CLOCK, RANDOM);
        assertThat(who(kept.client("test"))).isEqualTo("system:node:member");
    }

    /// Waits until the cluster says so to those who come.
    private static void told(String authorities) {
        var encoded = Base64.getEncoder().encodeToString(authorities.getBytes(StandardCharsets.US_ASCII));
        eventually(
                () -> plane.client.get(Resources.CONFIG_MAPS, INFO).view(),
                map -> map.get("data", "kubeconfig").string().contains(encoded));
    }

    @Test
    void nodesAreToldOfEachOthersNetworks() {
        for (var name : List.of("here", "there"))
            plane.client.create(Resources.NODES, PlaneUnderTest.yaml("{metadata: {name: " + name + "}}"));
        for (var node : Map.of("here", "192.0.2.21", "there", "192.0.2.22").entrySet())
            plane.client.mergePatch(
                    Resources.NODES,
                    new ObjectKey("", node.getKey()),
                    "status",
                    PlaneUnderTest.yaml(
                            "{status: {addresses: [{type: InternalIP, address: " + node.getValue() + "}]}}"));
        var reader = plane.as("system:node:here", "system:nodes", "system:authenticated");
        eventually(
                () -> reader.find(Resources.CONFIG_MAPS.untyped(), NodeGateways.KEY),
                map -> NodeGateways.read(ConfigMap.of(map))
                        .byNetwork()
                        .values()
                        .containsAll(List.of("192.0.2.21", "192.0.2.22")));
        // An agent follows that one object, and may follow no others.
        try (var scope = new TaskScope()) {
            var followed = Informer.ofOne(reader, Resources.CONFIG_MAPS, NodeGateways.KEY);
            followed.start(scope);
            eventually(
                    () -> followed.get(NodeGateways.KEY).view(),
                    map -> NodeGateways.read(ConfigMap.of(map)).byNetwork().containsValue("192.0.2.22"));
            plane.client.delete(Resources.NODES, new ObjectKey("", "there"), "", null, "");
            eventually(
                    () -> followed.get(NodeGateways.KEY).view(),
                    map -> !NodeGateways.read(ConfigMap.of(map)).byNetwork().containsValue("192.0.2.22"));
        }
        assertThatThrownBy(() -> reader.items(Resources.CONFIG_MAPS, "kube-system", ""))
                .hasMessageContaining("forbidden");
        eventually(
                () -> reader.find(Resources.CONFIG_MAPS.untyped(), NodeGateways.KEY),
                map -> !NodeGateways.read(ConfigMap.of(map)).byNetwork().containsValue("192.0.2.22"));
        assertThat(refusal(reader, Resources.NODES, "", "there")).isEqualTo(Reason.FORBIDDEN);
        // Only the cluster says so.
        var written = new NodeGateways(Map.of("10.244.0.0/16", "192.0.2.21")).written();
        assertThatThrownBy(() -> reader.update(Resources.CONFIG_MAPS, written, ""))
                .hasMessageContaining("forbidden");
    }

    /// Somebody has to approve what it serves with.
    private static void serves(Membership member) throws InterruptedException {
        try (var scope = new TaskScope()) {
            member.start(scope);
            var type = Resources.CERTIFICATE_SIGNING_REQUESTS;
            var asked = CertificateSigningRequest.of(eventually(
                    () -> plane.client.items(type, "", "").stream()
                            .filter(each -> each.spec().signerName().equals(Signers.KUBELET_SERVING))
                            .findFirst()
                            .orElse(CertificateSigningRequest.ABSENT)
                            .view(),
                    View::exists));
            assertThat(asked.spec().username()).isEqualTo("system:node:member");
            var approved = asked.toBuilder()
                    .status(status -> status.addConditions(condition -> condition
                            .type("Approved")
                            .status(ConditionStatus.TRUE)
                            .reason("Test")));
            plane.client.update(type, approved.build(), "approval");
            assertThat(member.serving()).isNotNull();
        }
    }

    @Test
    void aUserIsMadeInOneGo() throws Exception {
        var order = new CertificateOrder(plane.client, CLOCK);
        var pair = new NewUser("alice", List.of("dev"), Duration.ofHours(1)).create(plane.client, order, RANDOM);
        var alice = with("", Optional.of(new Tls.Identity(pair.certificate(), pair.key())));
        var review = alice.create(Resources.SELF_SUBJECT_REVIEWS, Map.of());
        assertThat(review.status().userInfo().username()).isEqualTo("alice");
        assertThat(review.status().userInfo().groups()).contains("dev", "system:authenticated");
        assertThat(refusal(alice, Resources.CONFIG_MAPS, "kube-system", "kubeadm-config"))
                .isEqualTo(Reason.FORBIDDEN);
        assertThatThrownBy(() -> new NewUser("eve", List.of("system:masters"), Duration.ofHours(1)))
                .hasMessageContaining("system:masters");
        assertThatThrownBy(() -> new NewUser("system:node:other", List.of(), Duration.ofHours(1)))
                .hasMessageContaining("system:");
    }
}
