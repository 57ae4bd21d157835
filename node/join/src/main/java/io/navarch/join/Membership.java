package io.navarch.join;

import io.navarch.client.Client;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest.AlternativeNames;
import io.navarch.kinds.certificatesigningrequest.FreshKey;
import io.navarch.kinds.certificatesigningrequest.Signers;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.process.TaskScope;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node that is a member of a cluster: its certificates, which are renewed before they end, and clients that use
/// the newest.
public final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final String NODES = "system:nodes";
    private static final long LOOK_MILLIS = 5_000;
    private static final Duration SIGNING = Duration.ofMinutes(15);

    /// A request that nobody answers is forgotten by the cluster after a day; then there is to be another.
    private static final Duration APPROVAL = Duration.ofHours(25);

    /// One of the node's certificates.
    ///
    /// @param file where it is kept
    /// @param patience how long it may take until it is signed
    private record Kind(String file, String signer, List<String> usages, AlternativeNames names, Duration patience) {}

    private final JoinConfig config;
    private final IdentityFiles files;
    private final ApiAccess access;
    private final CertificateOrder order;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Kept client;
    private final Kept serving;
    private final CompletableFuture<Void> served = new CompletableFuture<>();
    private volatile ClusterInfo cluster;
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
            return new Membership(config, files, cluster.get(), own.get(), access, clock, random);
        var token = config.token()
                .orElseThrow(() -> new IOException("this node has no valid certificate: give --token to join"));
        var discovery = new Discovery(config, token, access, clock);
        var found = discovery.cluster();
        var fresh = discovery.certificate(found, random);
        files.write(found);
        files.write(IdentityFiles.CLIENT, fresh);
        return new Membership(config, files, found, fresh, access, clock, random);
    }

    private static boolean usable(NodeCertificate own, JoinConfig config, InstantSource clock) throws IOException {
        if (!own.user().equals(config.user()))
            throw new IOException("this node has joined as " + own.user() + ", not as " + config.user()
                    + "; give that --node-name, or another --data-dir");
        return own.life().holds(clock.instant());
    }

    private Membership(
            JoinConfig config,
            IdentityFiles files,
            ClusterInfo cluster,
            NodeCertificate own,
            ApiAccess access,
            InstantSource clock,
            SecureRandom random)
            throws IOException {
        this.config = config;
        this.files = files;
        this.cluster = cluster;
        this.access = access;
        this.clock = clock;
        this.random = random;
        target = target(own);
        order = new CertificateOrder(client("kubelet"), clock);
        client = new Kept(
                new Kind(
                        IdentityFiles.CLIENT,
                        Signers.KUBELET_CLIENT,
                        FreshKey.CLIENT_USAGES,
                        AlternativeNames.NONE,
                        SIGNING),
                Optional.of(own),
                fresh -> target = target(fresh));
        var names = new AlternativeNames(List.of(config.node()), List.of(config.address()), List.of(), List.of());
        serving = new Kept(
                new Kind(IdentityFiles.SERVING, Signers.KUBELET_SERVING, FreshKey.SERVER_USAGES, names, APPROVAL),
                files.certificate(IdentityFiles.SERVING)
                        .filter(each ->
                                each.names(config.servingNames()) && each.life().holds(clock.instant())),
                this::serve);
        serving.use();
    }

    /// A certificate of the node, and what it is used for.
    private final class Kept {
        private final Kind kind;
        private final Consumer<NodeCertificate> use;
        private final Renewal renewal;
        private volatile Optional<NodeCertificate> own;
        /// Whether the one in use is the one in the file; of the task that looks.
        private boolean kept = true;

        Kept(Kind kind, Optional<NodeCertificate> known, Consumer<NodeCertificate> use) {
            this.kind = kind;
            this.use = use;
            own = known;
            renewal = new Renewal(known, this::fresh, clock, random);
        }

        private NodeCertificate fresh() throws IOException, InterruptedException {
            var key = FreshKey.of(random, config.user(), List.of(NODES), kind.names);
            var placed = order.place("csr-", key, kind.signer, kind.usages, config.life());
            var fresh = NodeCertificate.of(order.await(placed, kind.patience) + key.key());
            own = Optional.of(fresh);
            use();
            kept = false;
            keep();
            return fresh;
        }

        /// On a full disk it is used all the same, and written down when that is possible again.
        private void keep() {
            if (kept) return;
            try {
                var fresh = own.orElseThrow();
                files.write(kind.file, fresh);
                kept = true;
            } catch (IOException e) {
                LOG.warn("{} is in use and cannot be written yet: {}", kind.file, e.getMessage());
            }
        }

        void use() {
            own.ifPresent(use);
        }

        Held held() {
            return new Held(own.map(each -> each.life().to()), renewal.failed());
        }

        /// Uses it with other authorities. What one has signed that will not be trusted for long is replaced.
        void trusting(String authorities) {
            use();
            if (own.filter(each -> !each.signedBy(authorities)).isPresent()) renewal.want();
        }

        void look() throws InterruptedException {
            keep();
            renewal.look();
        }
    }

    private HttpClient.Target target(NodeCertificate own) {
        return ApiAccess.target(
                cluster.server(), new Tls.Trust.Authorities(cluster.authority()), Optional.of(own.identity()));
    }

    private void serve(NodeCertificate own) {
        tls = Optional.of(Tls.server(own.pem(), own.pem(), cluster.authority()));
        served.complete(null);
    }

    /// Keeps the certificates fresh.
    public void start(TaskScope scope) {
        scope.every("cluster-authorities", LOOK_MILLIS, this::lookAfterAuthorities);
        scope.every("client-certificate", LOOK_MILLIS, this::lookAfterClient);
        scope.every("serving-certificate", LOOK_MILLIS, this::lookAfterServing);
    }

    /// Trusts whom the cluster trusts: while its authority is exchanged these are two, and the former is taken out in
    /// the end. The server that says so is one that was trusted before.
    public void lookAfterAuthorities() throws IOException {
        var told = told();
        if (told.isEmpty() || told.get().equals(cluster.authority())) return;
        var next = new ClusterInfo(cluster.server(), told.get());
        files.write(next);
        cluster = next;
        client.trusting(next.authority());
        serving.trusting(next.authority());
        LOG.info("the cluster trusts other authorities now: {}", CertificatePin.all(next.authority()));
    }

    private Optional<String> told() {
        try {
            var said = client("kubelet").get(Resources.CONFIG_MAPS, ClusterInfo.KEY);
            return Optional.of(ClusterInfo.told(said).authority());
        } catch (ApiException | ClusterInfo.UntrustedException e) {
            // The server may be away, or one that does not tell its nodes.
            LOG.debug("authorities are not known: {}", e.getMessage());
            return Optional.empty();
        }
    }

    public void lookAfterClient() throws InterruptedException {
        client.look();
    }

    public void lookAfterServing() throws InterruptedException {
        serving.look();
    }

    /// One of the node's certificates as it is now.
    ///
    /// @param end when it ends to hold; empty when there is none yet
    /// @param failures how often it could not be replaced
    public record Held(Optional<Instant> end, long failures) {}

    /// By which the node calls the API.
    public Held clientCertificate() {
        return client.held();
    }

    /// What the node's own server shows.
    public Held servingCertificate() {
        return serving.held();
    }

    /// Where the API is, and who vouches for it.
    public ClusterInfo cluster() {
        return cluster;
    }

    /// A client as this node, with its newest certificate.
    public Client client(String manager) {
        return access.known(() -> target, manager);
    }

    /// Another server of the cluster, called as this node, with its newest certificate.
    ///
    /// @param name that the server has to show
    public HttpClient.Target target(String host, int port, String name) {
        return new HttpClient.Target(host, port, target.tls(), name, false);
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
