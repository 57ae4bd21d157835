package io.navarch.benchmarks;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.grpc.netty.NettyChannelBuilder;
import io.navarch.cli.KubeconfigClient;
import io.navarch.client.Client;
import io.navarch.client.Informer;
import io.navarch.http.EventLoops;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.process.TaskScope;
import io.navarch.store.EmbeddedStore;
import io.navarch.store.Store;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Arguments: `writes KUBECONFIG ETCD_PORT STORE_DIRECTORY`, or `lists KUBECONFIG`, or `pods KUBECONFIG COUNT`.
public final class ApiBenchmark {
    private static final Duration TIME = Duration.ofSeconds(6);
    private static final String VALUE = "x".repeat(2000);

    private ApiBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        try (var eventLoops = new EventLoops(2)) {
            var client = KubeconfigClient.open(Path.of(arguments[1]), eventLoops);
            switch (arguments[0]) {
                case "writes" -> writes(client, Integer.parseInt(arguments[2]), Path.of(arguments[3]));
                case "lists" -> lists(client);
                case "pods" -> pods(client, Integer.parseInt(arguments[2]));
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    private static Map<String, Object> configMap(String name) {
        return Trees.map("metadata", Trees.map("name", name, "namespace", "bench"), "data", Trees.map("value", VALUE));
    }

    private static void namespace(Client client) {
        if (!client.find(Resources.NAMESPACES.untyped(), new ObjectKey("", "bench"))
                .exists()) {
            client.create(Resources.NAMESPACES.untyped(), Trees.map("metadata", Trees.map("name", "bench")));
        }
    }

    /// Durable creates of 2 KB, side by side: through the API, into the embedded store alone, into etcd alone.
    private static void writes(Client client, int etcdPort, Path storeDirectory) throws InterruptedException {
        namespace(client);
        var channel = NettyChannelBuilder.forAddress("127.0.0.1", etcdPort)
                .usePlaintext()
                .build();
        var etcd = KVGrpc.newBlockingStub(channel);
        var value = VALUE.getBytes();
        try (var store = new EmbeddedStore(storeDirectory, InstantSource.system())) {
            Load.run(
                    16,
                    Duration.ofSeconds(4),
                    number -> client.create(Resources.CONFIG_MAPS.untyped(), configMap("warm-" + number)));
            for (int clients : new int[] {1, 16, 64}) {
                int run = clients;
                System.out.printf(
                        "creates, %2d clients, API:            %s%n",
                        clients,
                        Load.run(
                                clients,
                                TIME,
                                number -> client.create(
                                        Resources.CONFIG_MAPS.untyped(), configMap("c" + run + "-" + number))));
                System.out.printf(
                        "puts,    %2d clients, embedded store: %s%n",
                        clients,
                        Load.run(
                                clients,
                                TIME,
                                number ->
                                        store.put("/bench/" + run + "/" + number, value, Store.ABSENT, Duration.ZERO)));
                System.out.printf(
                        "puts,    %2d clients, etcd:           %s%n",
                        clients,
                        Load.run(
                                clients,
                                TIME,
                                number -> etcd.put(PutRequest.newBuilder()
                                        .setKey(ByteString.copyFromUtf8("/bench/" + run + "/" + number))
                                        .setValue(ByteString.copyFrom(value))
                                        .build())));
            }
        } finally {
            channel.shutdownNow();
        }
        client.call("DELETE", "/api/v1/namespaces/bench/configmaps", null, null);
    }

    private static void lists(Client client) throws InterruptedException, IOException {
        namespace(client);
        var numbers = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 32; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int number; (number = numbers.getAndIncrement()) < 10_000; )
                    client.create(Resources.CONFIG_MAPS.untyped(), configMap("l-" + number));
            }));
        }
        for (var thread : threads) thread.join();
        var times = new long[15];
        long bytes = 0;
        for (int i = 0; i < times.length; i++) {
            long start = System.nanoTime();
            try (var response = client.stream("GET", "/api/v1/namespaces/bench/configmaps")) {
                bytes = response.body().transferTo(OutputStream.nullOutputStream());
            }
            times[i] = (System.nanoTime() - start) / 1000;
        }
        Arrays.sort(times);
        System.out.printf(
                "LIST of 10 000 ConfigMaps (%,d bytes): p50 %,d µs, best %,d µs%n",
                bytes, times[times.length / 2], times[0]);
        client.call("DELETE", "/api/v1/namespaces/bench/configmaps", null, null);
    }

    /// Pods one after the other: from the create call to Running as a watch sees it.
    private static void pods(Client client, int count) throws InterruptedException {
        var running = new ConcurrentHashMap<String, Long>();
        var lock = new Object();
        try (var scope = new TaskScope()) {
            var informer = new Informer<>(client, Resources.PODS.untyped(), "labelSelector=bench");
            informer.onChange((old, now) -> {
                if (!now.status().get("phase").string().equals("Running")) return;
                synchronized (lock) {
                    running.putIfAbsent(now.name(), System.nanoTime());
                    lock.notifyAll();
                }
            });
            informer.start(scope);
            informer.awaitSync();
            var times = new long[count];
            for (int i = 0; i < count; i++) {
                var name = "bench-" + i;
                long start = System.nanoTime();
                client.create(
                        Resources.PODS.untyped(),
                        Trees.map(
                                "metadata",
                                        Trees.map(
                                                "name",
                                                name,
                                                "namespace",
                                                "default",
                                                "labels",
                                                Trees.map("bench", "1")),
                                "spec",
                                        Trees.map(
                                                "terminationGracePeriodSeconds",
                                                0L,
                                                "containers",
                                                List.of(Trees.map("name", "c", "image", "nginx:1.22")))));
                synchronized (lock) {
                    while (!running.containsKey(name)) lock.wait();
                }
                times[i] = (running.get(name) - start) / 1_000_000;
                client.delete(Resources.PODS.untyped(), new ObjectKey("default", name), "", 0L, "");
            }
            Arrays.sort(times);
            System.out.printf(
                    "pod create → Running over %d pods: p50 %d ms, p99 %d ms, worst %d ms%n",
                    count, times[count / 2], times[(int) (count * 0.99) - (count < 100 ? 0 : 1)], times[count - 1]);
        }
    }
}
