package io.navarch.benchmarks;

import io.navarch.apiserver.access.AccessAttributes;
import io.navarch.apiserver.access.RbacAuthorizer;
import io.navarch.apiserver.access.Selectors;
import io.navarch.apiserver.access.TokenKeys;
import io.navarch.apiserver.cache.Storage;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.Resources;
import io.navarch.benchmarks.api.TakesAnyServer;
import io.navarch.encryption.EncryptionAtRest;
import io.navarch.encryption.KeyLayout;
import io.navarch.kinds.BuiltInKinds;
import io.navarch.objects.Trees;
import io.navarch.process.Metrics;
import io.navarch.schema.admission.User;
import io.navarch.store.EmbeddedStore;
import io.navarch.store.Store;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSocket;

/// Arguments: a folder for files, and the address of a server: what it costs to know who calls and what they may do, to
/// encrypt what is stored, and to begin a connection.
public final class SecurityBenchmark {
    private static final int ROLES = 1000;
    private static final int ROUNDS = 7;

    /// Tokens are signed before, which takes longer.
    private static final int FRESH = 500;

    private SecurityBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        roles(folder.resolve("roles"));
        tokens();
        rest(folder.resolve("rest"));
        handshakes(URI.create(arguments[1]));
    }

    private interface Call {
        void run(int number) throws Exception;
    }

    /// The median of some rounds, in microseconds a call.
    private static void measure(String what, int calls, Call call) throws Exception {
        var rounds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < calls; i++) call.run(i);
            rounds[round] = (System.nanoTime() - start) / 1e3 / calls;
        }
        Arrays.sort(rounds);
        System.out.printf("%-58s %8.2f µs%n", what, rounds[ROUNDS / 2]);
    }

    /// Each role is bound to one user; each user may read one kind of resource.
    private static void roles(Path folder) throws Exception {
        try (var store = new EmbeddedStore(folder, InstantSource.system())) {
            var kinds = BuiltInKinds.all(BuiltInKinds.types());
            for (int i = 0; i < ROLES; i++) {
                put(
                        store,
                        "clusterroles",
                        "ClusterRole",
                        "r" + i,
                        Trees.map(
                                "rules",
                                List.of(Trees.map(
                                        "apiGroups",
                                        List.of("g" + i),
                                        "resources",
                                        List.of("things"),
                                        "verbs",
                                        List.of("get")))));
                put(
                        store,
                        "clusterrolebindings",
                        "ClusterRoleBinding",
                        "b" + i,
                        Trees.map(
                                "roleRef",
                                Trees.map(
                                        "apiGroup",
                                        "rbac.authorization.k8s.io",
                                        "kind",
                                        "ClusterRole",
                                        "name",
                                        "r" + i),
                                "subjects",
                                List.of(Trees.map(
                                        "apiGroup", "rbac.authorization.k8s.io", "kind", "User", "name", "u" + i))));
            }
            // Without a history, caches begin with what there is now.
            store.compact(store.revision());
            var resources = new Resources(new Storage(store));
            kinds.forEach(resources::add);
            var authorizer = new RbacAuthorizer(resources);
            measure(
                    "permitted, of 1000 roles and 1000 bindings",
                    20_000,
                    i -> ask(authorizer, i % ROLES, i % ROLES, true));
            measure("refused, of 1000 roles and 1000 bindings", 20_000, i -> ask(authorizer, i % ROLES, ROLES, false));
        }
    }

    private static void put(Store store, String plural, String kind, String name, Map<String, Object> rest) {
        var object = Trees.map(
                "apiVersion", "rbac.authorization.k8s.io/v1", "kind", kind, "metadata", Trees.map("name", name));
        object.putAll(rest);
        store.put("/registry/" + plural + "/" + name, StoredObject.encode(object), Store.ABSENT, Duration.ZERO);
    }

    private static void ask(RbacAuthorizer authorizer, int user, int group, boolean permitted) {
        var call = new AccessAttributes(
                User.of("u" + user, "a", "b"),
                "get",
                true,
                "g" + group,
                "v1",
                "things",
                "",
                "n",
                "x",
                "",
                Selectors.NONE);
        if (authorizer.authorize(call).allowed() != permitted) throw new IllegalStateException("u" + user);
    }

    private static void tokens() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var pair = generator.generateKeyPair();
        var keys = new TokenKeys((RSAPrivateKey) pair.getPrivate(), (RSAPublicKey) pair.getPublic(), List.of());
        var claims = Trees.map(
                "iss",
                "https://kubernetes.default.svc.cluster.local",
                "sub",
                "system:serviceaccount:a:b",
                "aud",
                List.of("https://kubernetes.default.svc.cluster.local"),
                "kubernetes.io",
                Trees.map(
                        "namespace",
                        "a",
                        "serviceaccount",
                        Trees.map("name", "b", "uid", "4f1c2e30-5f4a-4d39-9b0e-3b9f0c8f0a11"),
                        "pod",
                        Trees.map("name", "b-7c9d8f6b5-x2x4z", "uid", "0d9f3c52-7a61-4f0b-8a39-1c2b3d4e5f60")));
        var token = keys.sign(claims);
        measure("a service account's token that was seen before", 20_000, i -> {
            if (keys.verify(token).isEmpty()) throw new IllegalStateException("refused");
        });
        var fresh = new ArrayList<String>();
        for (int i = 0; i < FRESH * ROUNDS; i++) {
            claims.put("jti", "t" + i);
            fresh.add(keys.sign(claims));
        }
        var unseen = fresh.iterator();
        measure("a service account's token that is seen for the first time", FRESH, i -> {
            if (keys.verify(unseen.next()).isEmpty()) throw new IllegalStateException("refused");
        });
    }

    /// Against a store that costs nothing itself.
    private static void rest(Path folder) throws Exception {
        Files.createDirectories(folder);
        var secrets = new KeyLayout(Map.of("/registry/secrets/", new KeyLayout.Resource("", "secrets")));
        var sealed = EncryptionAtRest.open(
                        new MapStore(),
                        folder.resolve("encryption.yaml"),
                        secrets,
                        new EncryptionAtRest.Surroundings(
                                folder.resolve("status"), InstantSource.system(), new SecureRandom(), new Metrics()))
                .store();
        var value = new byte[1024];
        measure(
                "to encrypt a Secret of 1 KiB",
                20_000,
                i -> sealed.put("/registry/secrets/a/b" + i % 100, value, Store.ANY, Duration.ZERO));
        measure("to decrypt a Secret of 1 KiB", 20_000, i -> sealed.get("/registry/secrets/a/b" + i % 100));
    }

    private static void handshakes(URI server) throws Exception {
        var context = TakesAnyServer.context();
        measure("a connection with a full TLS handshake, one at a time", 200, i -> {
            // Another context each time, so that nothing is resumed.
            context.getClientSessionContext().setSessionCacheSize(1);
            var factory = context.getSocketFactory();
            try (var socket =
                    (SSLSocket) factory.createSocket(InetAddress.getByName(server.getHost()), server.getPort())) {
                socket.startHandshake();
                socket.getSession().invalidate();
            }
        });
    }

    /// Keeps values by key and nothing else.
    private static final class MapStore implements Store {
        private final Map<String, byte[]> values = new ConcurrentHashMap<>();

        @Override
        public long revision() {
            return 0;
        }

        @Override
        public long compacted() {
            return 0;
        }

        @Override
        public Optional<KeyValue> get(String key) {
            return Optional.ofNullable(values.get(key)).map(value -> new KeyValue(key, value, 1, 1, 1));
        }

        @Override
        public Range range(String start, String end, long revision, int limit) {
            return new Range(0, List.of(), false);
        }

        @Override
        public long count(String start, String end, long revision) {
            return values.size();
        }

        @Override
        public Outcome put(String key, byte[] value, long expected, Duration ttl) {
            values.put(key, value);
            return new Outcome(true, 1);
        }

        @Override
        public Outcome delete(String key, long expected) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Cursor watch(String prefix, long fromRevision) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void compact(long revision) {}

        @Override
        public void rewriteFiles() {}

        @Override
        public void close() {}
    }
}
