package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.util.KubeConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/// Informers of three clients through links that break, over restarts and histories that are no longer kept: in the end
/// each has what the server has, and none has seen an object go back in time.
///
/// `-Dhistory=100000` makes the history longer.
class InformersTest {
    private static final int HISTORY = Integer.getInteger("history", 3000);
    private static final int WRITERS = 8;
    private static final String SPACE = "default";

    /// What an informer has, and what it saw that must not be.
    private interface Follower extends AutoCloseable {
        Map<String, String> cache() throws Exception;

        List<String> wrong() throws Exception;
    }

    private static final class Watcher {
        private final Map<String, Long> seen = new ConcurrentHashMap<>();
        private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

        void see(String name, String version) {
            long now = Long.parseLong(version);
            var before = seen.put(name, now);
            if (before != null && before > now) wrong.add(name + " went from " + before + " to " + now);
        }
    }

    private static Follower fabric8(Config config) {
        var client = new KubernetesClientBuilder().withConfig(config).build();
        var watcher = new Watcher();
        var informer = client.configMaps().inNamespace(SPACE).inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(ConfigMap map) {
                watcher.see(map.getMetadata().getName(), map.getMetadata().getResourceVersion());
            }

            @Override
            public void onUpdate(ConfigMap old, ConfigMap map) {
                onAdd(map);
            }

            @Override
            public void onDelete(ConfigMap map, boolean unknown) {
                onAdd(map);
            }
        });
        return new JavaFollower(
                watcher,
                () -> informer.getStore().list().stream()
                        .collect(Collectors.toMap(
                                map -> map.getMetadata().getName(),
                                map -> map.getMetadata().getResourceVersion())),
                () -> {
                    informer.close();
                    client.close();
                });
    }

    private record JavaFollower(Watcher watcher, Supplier<Map<String, String>> read, Runnable stop)
            implements Follower {
        @Override
        public Map<String, String> cache() {
            return new TreeMap<>(read.get());
        }

        @Override
        public List<String> wrong() {
            return List.copyOf(watcher.wrong);
        }

        @Override
        public void close() {
            stop.run();
        }
    }

    private static Follower official(String kubeconfig) throws IOException {
        var client = io.kubernetes.client.util.ClientBuilder.kubeconfig(
                        KubeConfig.loadKubeConfig(new StringReader(kubeconfig)))
                .setReadTimeout(Duration.ZERO)
                .build();
        var api = new CoreV1Api(client);
        var factory = new SharedInformerFactory(client);
        var watcher = new Watcher();
        var informer = factory.sharedIndexInformerFor(
                (io.kubernetes.client.util.CallGenerator) params -> api.listNamespacedConfigMap(SPACE)
                        .resourceVersion(params.resourceVersion)
                        .timeoutSeconds(params.timeoutSeconds)
                        .watch(params.watch)
                        .allowWatchBookmarks(true)
                        .buildCall(null),
                V1ConfigMap.class,
                V1ConfigMapList.class);
        informer.addEventHandler(new io.kubernetes.client.informer.ResourceEventHandler<>() {
            @Override
            public void onAdd(V1ConfigMap map) {
                watcher.see(map.getMetadata().getName(), map.getMetadata().getResourceVersion());
            }

            @Override
            public void onUpdate(V1ConfigMap old, V1ConfigMap map) {
                onAdd(map);
            }

            @Override
            public void onDelete(V1ConfigMap map, boolean unknown) {
                onAdd(map);
            }
        });
        factory.startAllRegisteredInformers();
        return new JavaFollower(
                watcher,
                () -> informer.getIndexer().list().stream()
                        .collect(Collectors.toMap(
                                map -> map.getMetadata().getName(),
                                map -> map.getMetadata().getResourceVersion())),
                factory::stopAllRegisteredInformers);
    }

    private static Follower javascript(Path kubeconfig) throws IOException {
        var tools = Path.of("../target/tools/node").toRealPath();
        // Node looks for packages beside the script.
        var script = tools.resolve("informer.mjs");
        Files.copy(Path.of("src/test/resources/informer/informer.mjs"), script, StandardCopyOption.REPLACE_EXISTING);
        var process = new ProcessBuilder("node", script.toString(), kubeconfig.toString(), SPACE)
                .redirectError(kubeconfig.resolveSibling("node.log").toFile())
                .start();
        var output = new BufferedReader(process.inputReader(StandardCharsets.UTF_8));
        return new Follower() {
            private Map<String, Object> ask() throws IOException {
                process.outputWriter().write("say\n");
                process.outputWriter().flush();
                return new Yaml().load(output.readLine());
            }

            @Override
            public Map<String, String> cache() throws IOException {
                var result = new TreeMap<String, String>();
                ((Map<?, ?>) ask().get("cache"))
                        .forEach((name, version) -> result.put((String) name, (String) version));
                return result;
            }

            @Override
            @SuppressWarnings("unchecked")
            public List<String> wrong() throws IOException {
                return (List<String>) ask().get("wrong");
            }

            @Override
            public void close() throws Exception {
                process.destroy();
                process.waitFor();
            }
        };
    }

    @Test
    void informersEndWithWhatTheServerHas() throws Exception {
        var random = new Random(7);
        try (var plane = new ControlPlaneAlone();
                var links = new Links(plane)) {
            var direct = Config.fromKubeconfig(plane.kubeconfig());
            var followers = new ArrayList<Follower>();
            followers.add(fabric8(Config.fromKubeconfig(links.kubeconfig(0))));
            followers.add(official(links.kubeconfig(1)));
            var third = Files.writeString(plane.data.resolve("node.kubeconfig"), links.kubeconfig(2));
            followers.add(javascript(third));
            try (var writers = Executors.newFixedThreadPool(WRITERS)) {
                for (int round = 0; round < 4; round++) {
                    var done = new ArrayList<Future<?>>();
                    for (int i = 0; i < WRITERS; i++) {
                        long seed = round * 100L + i;
                        done.add(writers.submit(() -> write(direct, seed, HISTORY / 4 / WRITERS)));
                    }
                    while (!done.stream().allMatch(Future::isDone)) {
                        var link = links.of(random.nextInt(3));
                        if (random.nextInt(4) > 0) link.cut();
                        else {
                            // Long enough for the history to go on without this client.
                            link.down();
                            TimeUnit.MILLISECONDS.sleep(1500);
                            link.up();
                        }
                        TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(500));
                    }
                    for (var future : done) future.get();
                    if (round == 1) plane.restart(false);
                    if (round == 2) plane.restart(true);
                }
            }
            var expected = server(direct);
            for (var follower : followers) {
                Machine.eventually("the server's state in a cache", Duration.ofSeconds(60), () -> {
                    try {
                        return follower.cache().equals(expected);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
                assertThat(follower.wrong()).isEmpty();
            }
            for (var follower : followers) follower.close();
        }
    }

    @Test
    void aWatchGoesOnAfterARestart() throws Exception {
        try (var plane = new ControlPlaneAlone()) {
            plane.machine.kubectl("create configmap a").ok();
            var version = plane.machine
                    .kubectl("get cm a -o jsonpath='{.metadata.resourceVersion}'")
                    .ok()
                    .output();
            plane.machine.kubectl("label configmap a x=y").ok();
            for (boolean killed : List.of(true, false)) {
                plane.restart(killed);
                var events = plane.machine.kubectl(
                        "get --raw '/api/v1/namespaces/default/configmaps?watch=true&timeoutSeconds=1&resourceVersion="
                                + version + "'");
                assertThat(events.ok().output()).contains("\"type\":\"MODIFIED\"", "\"x\":\"y\"");
            }
        }
    }

    private static Map<String, String> server(Config config) {
        try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
            var result = new TreeMap<String, String>();
            for (var map : client.configMaps().inNamespace(SPACE).list().getItems())
                result.put(map.getMetadata().getName(), map.getMetadata().getResourceVersion());
            return result;
        }
    }

    /// A hundred objects come, change and go.
    private static void write(Config config, long seed, int writes) {
        var random = new Random(seed);
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config).build())
                .build()) {
            for (int i = 0; i < writes; i++) {
                var name = "m" + seed % 100 + "-" + random.nextInt(12);
                var maps = client.configMaps().inNamespace(SPACE);
                if (random.nextInt(5) == 0) {
                    maps.withName(name).delete();
                    continue;
                }
                maps.resource(new io.fabric8.kubernetes.api.model.ConfigMapBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .endMetadata()
                                .addToData("n", String.valueOf(i))
                                .build())
                        .createOr(io.fabric8.kubernetes.client.dsl.NonDeletingOperation::update);
            }
        }
    }

    /// A relay for each client, and the kubeconfig that goes through it.
    private static final class Links implements AutoCloseable {
        private final List<UnsteadyLink> links = new ArrayList<>();
        private final ControlPlaneAlone plane;

        Links(ControlPlaneAlone plane) throws IOException {
            this.plane = plane;
            for (int i = 0; i < 3; i++) links.add(new UnsteadyLink(plane.port()));
        }

        UnsteadyLink of(int i) {
            return links.get(i);
        }

        String kubeconfig(int i) throws IOException {
            return plane.kubeconfig()
                    .replace(":" + plane.port(), ":" + links.get(i).port());
        }

        @Override
        public void close() throws IOException {
            for (var link : links) link.close();
        }
    }
}
