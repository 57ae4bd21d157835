package io.navarch.join;

import io.navarch.client.Client;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest.AlternativeNames;
import io.navarch.kinds.certificatesigningrequest.FreshKey;
import io.navarch.kinds.certificatesigningrequest.Signers;
import io.navarch.process.TaskScope;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// A node that is a member of a cluster: its certificates, which are renewed before they end, and clients that use
/// the newest.
public final class Membership {
    private static final String NODES = "system:nodes";
    private static final long LOOK_MILLIS = 5_000;
    private static final Duration SIGNING = Duration.ofMinutes(15);

    /// A request that nobody answers is forgotten by the cluster after a day; then there is to be another.
    private static final Duration APPROVAL = Duration.ofHours(25);

    private final JoinConfig config;
    private final ClusterInfo cluster;
    private final ApiAccess access;
    private final CertificateOrder order;
    private final SecureRandom random;
    private final Renewal client;
    private final Renewal serving;
    private final CompletableFuture<Void> served = new CompletableFuture<>();
    private volatile HttpClient.Target target;
    private volatile Optional<SslContext> tls = Optional.empty();

    /// Uses the identity that the node has, or gets one with the token.
    ///
    /// @throws IOException when the cluster does not let the node in
    public static Membership enter(JoinConfig config, EventLoops loops, InstantSource clock, SecureRandom random)
            throws IOException, InterruptedException {
        var access = new ApiAccess(new HttpClient(loops, Duration.ofSeconds(5)));
        var files = new IdentityFiles(config.directory());
        var cluster = files.cluster();
        var own = files.certificate(IdentityFiles.CLIENT);
        if (cluster.isPresent() && own.isPresent() && usable(own.get(), config, clock))
            return new Membership(config, cluster.get(), own.get(), access, clock, random);
        var token = config.token()
                .orElseThrow(() -> new IOException("this node has no valid certificate: give --token to join"));
        var discovery = new Discovery(config, token, access, clock);
        var found = discovery.cluster();
        var fresh = discovery.certificate(found, random);
        files.write(found);
        files.write(IdentityFiles.CLIENT, fresh);
        return new Membership(config, found, fresh, access, clock, random);
    }

    private static boolean usable(NodeCertificate own, JoinConfig config, InstantSource clock) throws IOException {
        if (!own.user().equals(config.user()))
            throw new IOException("this node has joined as " + own.user() + ", not as " + config.user()
                    + "; give that --node-name, or another --data-dir");
        return own.life().holds(clock.instant());
    }

    private Membership(
            JoinConfig config,
            ClusterInfo cluster,
            NodeCertificate own,
            ApiAccess access,
            InstantSource clock,
            SecureRandom random)
            throws IOException {
        this.config = config;
        this.cluster = cluster;
        this.access = access;
        this.random = random;
        target = target(own);
        order = new CertificateOrder(client("kubelet"), clock);
        var files = new IdentityFiles(config.directory());
        client = new Renewal(Optional.of(own), this::renewClient, clock, random);
        var known = files.certificate(IdentityFiles.SERVING)
                .filter(each -> each.names(config.servingNames()) && each.life().holds(clock.instant()));
        serving = new Renewal(known, this::renewServing, clock, random);
        if (known.isPresent()) serve(known.get());
    }

    private HttpClient.Target target(NodeCertificate own) {
        return ApiAccess.target(cluster.server(), Optional.of(cluster.authority()), Optional.of(own.identity()));
    }

    private void serve(NodeCertificate own) {
        tls = Optional.of(Tls.server(own.pem(), own.pem(), cluster.authority()));
        served.complete(null);
    }

    private NodeCertificate renewClient() throws IOException, InterruptedException {
        var key = FreshKey.of(random, config.user(), List.of(NODES), AlternativeNames.NONE);
        var placed = order.place("csr-", key, Signers.KUBELET_CLIENT, FreshKey.CLIENT_USAGES, config.life());
        var fresh = NodeCertificate.of(order.await(placed, SIGNING) + key.key());
        new IdentityFiles(config.directory()).write(IdentityFiles.CLIENT, fresh);
        target = target(fresh);
        return fresh;
    }

    private NodeCertificate renewServing() throws IOException, InterruptedException {
        var names = new AlternativeNames(List.of(config.node()), List.of(config.address()), List.of(), List.of());
        var key = FreshKey.of(random, config.user(), List.of(NODES), names);
        var placed = order.place("csr-", key, Signers.KUBELET_SERVING, FreshKey.SERVER_USAGES, config.life());
        var fresh = NodeCertificate.of(order.await(placed, APPROVAL) + key.key());
        new IdentityFiles(config.directory()).write(IdentityFiles.SERVING, fresh);
        serve(fresh);
        return fresh;
    }

    /// Keeps the certificates fresh.
    public void start(TaskScope scope) {
        scope.every("client-certificate", LOOK_MILLIS, this::lookAfterClient);
        scope.every("serving-certificate", LOOK_MILLIS, this::lookAfterServing);
    }

    void lookAfterClient() throws InterruptedException {
        client.look();
    }

    void lookAfterServing() throws InterruptedException {
        serving.look();
    }

    /// Where the API is, and who vouches for it.
    public ClusterInfo cluster() {
        return cluster;
    }

    /// A client as this node, with its newest certificate.
    public Client client(String manager) {
        return access.known(() -> target, manager);
    }

    /// What the node's own server shows; waits until the cluster has signed a certificate for it.
    public SslContext serving() throws InterruptedException {
        try {
            served.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        return tls.orElseThrow();
    }
}
