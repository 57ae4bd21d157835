package io.navarch.agent.devices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.act.NodeDevices;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.csi.CsiFailure;
import io.navarch.csi.DevicePlugin;
import io.navarch.csi.DeviceSockets;
import io.navarch.model.Pod;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PluggedDevicesTest {
    private static final String DONGLE = "example.com/dongle";

    @TempDir
    Path directory;

    private final TaskScope scope = new TaskScope();
    private final Sockets sockets = new Sockets();
    private volatile Instant now = Instant.EPOCH;
    private PluggedDevices devices;

    /// A plugin that tells what it is told to tell.
    private static final class Plugin implements DevicePlugin {
        private static final List<Device> END = new ArrayList<>();

        private final BlockingQueue<List<Device>> told = new LinkedBlockingQueue<>();
        private final List<String> calls = new ArrayList<>();
        private final Capabilities capabilities;
        private boolean fails;

        private Plugin(Capabilities capabilities) {
            this.capabilities = capabilities;
        }

        @Override
        public Capabilities capabilities() {
            return capabilities;
        }

        @Override
        public void follow(Consumer<List<Device>> devices) {
            try {
                for (var next = told.take(); next != END; next = told.take()) devices.accept(next);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private CsiFailure failure() {
            return new CsiFailure(CsiFailure.Code.UNKNOWN, "broken", new IllegalStateException());
        }

        @Override
        public Granted allocate(List<String> ids) {
            if (fails) throw failure();
            calls.add("allocate " + ids);
            return new Granted(Map.of("IDS", String.join(",", ids)), List.of(), List.of(), Map.of(), List.of());
        }

        @Override
        public List<String> preferred(List<String> available, List<String> taken, int size) {
            calls.add("preferred " + available + " " + taken + " " + size);
            return List.of(available.getLast());
        }

        @Override
        public void preStart(List<String> ids) {
            if (fails) throw failure();
            calls.add("preStart " + ids);
        }
    }

    private static final class Sockets implements DeviceSockets {
        private Plugin plugin = new Plugin(new DevicePlugin.Capabilities(false, false));
        private Registrar registrar = (version, endpoint, resource) -> {};

        @Override
        public DevicePlugin plugin(Path socket) {
            return plugin;
        }

        @Override
        public Listening listen(Path socket, Registrar registrar) {
            this.registrar = registrar;
            return () -> {};
        }

        @Override
        public byte[] encode(DevicePlugin.Granted granted) {
            return granted.environment().getOrDefault("IDS", "").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public DevicePlugin.Granted decode(byte[] encoded) {
            return new DevicePlugin.Granted(
                    Map.of("IDS", new String(encoded, StandardCharsets.UTF_8)),
                    List.of(),
                    List.of(),
                    Map.of(),
                    List.of());
        }
    }

    @BeforeEach
    void start() throws IOException {
        devices = new PluggedDevices(directory, sockets, scope, () -> now);
        devices.start();
    }

    @AfterEach
    void stop() {
        scope.close();
    }

    private void plug(String... healthy) throws InterruptedException {
        sockets.registrar.register("v1beta1", "d.sock", DONGLE);
        tell(Stream.of(healthy).map(id -> new DevicePlugin.Device(id, true)).toList());
        await(() -> counted().equals(healthy.length + "/" + healthy.length));
    }

    private void tell(List<DevicePlugin.Device> told) {
        sockets.plugin.told.add(told);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) TaskScope.pause(5);
    }

    /// Those that are well, of all.
    private String counted() {
        var counts = devices.counts();
        return counts.allocatable().get(DONGLE) + "/" + counts.capacity().get(DONGLE);
    }

    private static Pod pod(String uid, String spec) {
        return Pod.of(View.of(Yaml.parse("{metadata: {name: p, uid: " + uid + "}, spec: {" + spec + "}}")));
    }

    private static String container(String name, int count) {
        return "{name: " + name + ", resources: {limits: {" + DONGLE + ": " + count + "}}}";
    }

    private static Pod pod(String uid, int count) {
        return pod(uid, "containers: [" + container("c", count) + "]");
    }

    private String admitted(Pod pod) {
        return devices.admit(pod)
                .map(each -> each.reason() + ": " + each.message())
                .orElse("");
    }

    private String given(Pod pod) {
        return devices.prepare(pod, pod.spec().containers().getFirst())
                .environment()
                .getOrDefault("IDS", "");
    }

    @Test
    void eachDeviceIsGivenToOneContainer() throws InterruptedException {
        plug("a", "b", "c");
        assertThat(admitted(pod("one", 2))).isEmpty();
        assertThat(given(pod("one", 2))).isEqualTo("a,b");
        assertThat(admitted(pod("two", 2)))
                .isEqualTo(
                        "UnexpectedAdmissionError: Allocate failed due to requested number of devices unavailable for"
                                + " example.com/dongle. Requested: 2, Available: 1, which is unexpected");
        devices.release("one");
        assertThat(admitted(pod("two", 2))).isEmpty();
        devices.keep(Set.of());
        assertThat(admitted(pod("three", 3))).isEmpty();
        // Whoever wants none is not concerned.
        var none = pod("none", "containers: [{name: c}]");
        assertThat(admitted(none)).isEmpty();
        assertThat(given(none)).isEmpty();
    }

    @Test
    void whatInitContainersHadGoesOnToThoseAfterThemUnlessTheyStay() throws InterruptedException {
        plug("a", "b");
        var ends = pod(
                "one",
                "initContainers: [" + container("i", 1) + "], containers: [" + container("c", 1) + ","
                        + container("d", 1) + "]");
        assertThat(admitted(ends)).isEmpty();
        assertThat(given(ends)).isEqualTo("a");
        devices.release("one");
        var stays = container("i", 1).replace("name:", "restartPolicy: Always, name:");
        assertThat(admitted(pod(
                        "two",
                        "initContainers: [" + stays + "], containers: [" + container("c", 1) + "," + container("d", 1)
                                + "]")))
                .contains("Requested: 1, Available: 0");
    }

    @Test
    void theNextAgentKnowsWhoseDevicesAreWhose() throws Exception {
        plug("a", "b");
        assertThat(admitted(pod("one", 1))).isEmpty();
        Files.writeString(directory.resolve("d.sock"), "");
        devices = new PluggedDevices(directory, sockets, scope, () -> now);
        devices.start();
        assertThat(directory.resolve("d.sock")).doesNotExist();
        // Nobody tells of any device yet.
        assertThat(counted()).isEqualTo("0/0");
        assertThat(given(pod("one", 1))).isEqualTo("a");
        assertThat(admitted(pod("two", 1))).contains("cannot allocate unregistered device example.com/dongle");
        sockets.plugin = new Plugin(new DevicePlugin.Capabilities(false, false));
        plug("a", "b");
        assertThat(admitted(pod("two", 1))).isEmpty();
        assertThat(given(pod("two", 1))).isEqualTo("b");
    }

    @Test
    void sickDevicesAreNotGivenAndThoseOfAPluginThatEndsAreToldOfForAWhile() throws InterruptedException {
        plug("a", "b");
        tell(List.of(new DevicePlugin.Device("a", false), new DevicePlugin.Device("b", true)));
        await(() -> counted().equals("1/2"));
        assertThat(admitted(pod("one", 1))).isEmpty();
        assertThat(given(pod("one", 1))).isEqualTo("b");
        sockets.plugin.told.add(Plugin.END);
        await(() -> counted().equals("0/2"));
        assertThat(admitted(pod("two", 1))).contains("no healthy devices present");
        now = now.plusSeconds(301);
        assertThat(counted()).isEqualTo("0/0");
    }

    @Test
    void aPluginChoosesAndHearsOfStarts() throws InterruptedException {
        sockets.plugin = new Plugin(new DevicePlugin.Capabilities(true, true));
        plug("a", "b", "c");
        assertThat(admitted(pod("one", 2))).isEmpty();
        assertThat(given(pod("one", 2))).isEqualTo("a,c");
        assertThat(sockets.plugin.calls)
                .containsExactly("preferred [a, b, c] [] 2", "allocate [a, c]", "preStart [a, c]");
        sockets.plugin.fails = true;
        assertThatThrownBy(() -> given(pod("one", 2)))
                .isInstanceOf(UnresolvedException.class)
                .hasMessageStartingWith("device plugin PreStartContainer rpc failed with err: rpc error");
        assertThat(admitted(pod("two", 1)))
                .isEqualTo("UnexpectedAdmissionError: Allocate failed due to rpc error: code = Unknown desc = broken,"
                        + " which is unexpected");
        sockets.plugin.fails = false;
        assertThat(admitted(pod("two", 1))).isEmpty();
    }

    @Test
    void whoMayNotRegisterIsToldWhy() {
        assertThatThrownBy(() -> sockets.registrar.register("v1", "d.sock", DONGLE))
                .hasMessageContaining("is not supported by kubelet");
        assertThatThrownBy(() -> sockets.registrar.register("v1beta1", "../d.sock", DONGLE))
                .hasMessageContaining("is not the name of a socket");
        assertThatThrownBy(() -> sockets.registrar.register("v1beta1", "d.sock", "dongle"))
                .hasMessage("the ResourceName \"dongle\" is invalid");
        assertThat(devices.counts()).isEqualTo(NodeDevices.NONE.counts());
    }
}
