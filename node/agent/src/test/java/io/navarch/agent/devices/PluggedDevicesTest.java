package io.navarch.agent.devices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.act.NodeDevices;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.agent.placement.NodePlacement;
import io.navarch.csi.CsiFailure;
import io.navarch.csi.DevicePlugin;
import io.navarch.csi.DeviceSockets;
import io.navarch.csi.Listening;
import io.navarch.model.Pod;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.Command;
import io.navarch.process.TaskScope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
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
    private volatile Instant now = Instant.now();
    private PluggedDevices devices;

    /// A plugin that tells what it is told to tell.
    private static final class Plugin implements DevicePlugin {
        private static final List<Device> END = new ArrayList<>();

        private final BlockingQueue<List<Device>> told = new LinkedBlockingQueue<>();
        private final List<String> calls = new ArrayList<>();
        private final CountDownLatch left = new CountDownLatch(1);
        private final CountDownLatch asked = new CountDownLatch(1);
        /// Until it answers.
        private CountDownLatch hangs = new CountDownLatch(0);
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
            left.countDown();
        }

        private CsiFailure failure() {
            return new CsiFailure(CsiFailure.Code.UNKNOWN, "broken", new IllegalStateException());
        }

        @Override
        public Granted allocate(List<String> ids) {
            asked.countDown();
            try {
                hangs.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
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

    private static final DeviceSockets.Registrar NOBODY = (version, endpoint, resource) -> {};

    private static final class Sockets implements DeviceSockets {
        private Plugin plugin = new Plugin(new DevicePlugin.Capabilities(false, false));
        private volatile Registrar registrar = NOBODY;

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
            if (encoded.length == 0) throw new IllegalArgumentException("it is empty");
            return new DevicePlugin.Granted(
                    Map.of("IDS", new String(encoded, StandardCharsets.UTF_8)),
                    List.of(),
                    List.of(),
                    Map.of(),
                    List.of());
        }
    }

    @BeforeEach
    void start() throws InterruptedException {
        startAnew();
        await(() -> sockets.registrar != NOBODY);
    }

    private void startAnew() {
        sockets.registrar = NOBODY;
        devices = new PluggedDevices(directory, sockets, scope, () -> now, List.of(0, 1));
        devices.start();
    }

    @AfterEach
    void stop() {
        scope.close();
    }

    private void plug(String... healthy) throws InterruptedException {
        await(() -> sockets.registrar != NOBODY);
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
        return NodePlacement.ofDevices(devices)
                .admit(pod)
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
        startAnew();
        await(() -> sockets.registrar != NOBODY);
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

    @Test
    void whatIsUnderTheNameOfTheCheckpointIsNotFollowed() throws Exception {
        var checkpoint = directory.resolve(Checkpoint.NAME);
        var others = Files.writeString(directory.resolveSibling(directory.getFileName() + ".others"), "kept");
        try {
            Command.run(List.of("mkfifo", checkpoint.toString()));
            startAnew();
            Files.delete(checkpoint);
            Files.createSymbolicLink(checkpoint, others);
            Files.createSymbolicLink(directory.resolve("." + Checkpoint.NAME + ".next"), others);
            plug("a");
            assertThat(admitted(pod("one", 1))).isEmpty();
            assertThat(others).hasContent("kept");
            assertThat(checkpoint).isRegularFile();
        } finally {
            Files.delete(others);
        }
    }

    @Test
    void namesThatAreNoDevicesAndDamagedCheckpointsAreNotRead() throws Exception {
        plug("a", "b");
        assertThat(admitted(pod("one", 1))).isEmpty();
        var checkpoint = directory.resolve(Checkpoint.NAME);
        var written = Files.readString(checkpoint);
        Files.writeString(checkpoint, written.replace("\"a\"", "\"b\""));
        startAnew();
        assertThat(devices.counts()).isEqualTo(NodeDevices.NONE.counts());
        var book = new DeviceBook();
        book.remember("cpu", now);
        book.remember(DONGLE, now);
        new Checkpoint(directory).write(book);
        startAnew();
        assertThat(devices.counts().capacity()).containsOnlyKeys(DONGLE);
    }

    @Test
    void whatIsNotUnderstoodIsSaid() throws Exception {
        var book = new DeviceBook();
        book.remember(new DeviceBook.Owner("one", "c", DONGLE), new DeviceBook.Held(Set.of("a"), new byte[0]));
        new Checkpoint(directory).write(book);
        startAnew();
        assertThatThrownBy(() -> given(pod("one", 1)))
                .isInstanceOf(UnresolvedException.class)
                .hasMessage("what example.com/dongle has granted is not understood: it is empty");
    }

    @Test
    void whoseDevicesCannotBeWrittenDownIsRefused() throws Exception {
        plug("a");
        var checkpoint = directory.resolve(Checkpoint.NAME);
        Files.delete(checkpoint);
        // Nothing is moved onto a directory that has something in it.
        var inside = Files.createFile(Files.createDirectory(checkpoint).resolve("inside"));
        assertThat(admitted(pod("one", 1)))
                .startsWith("UnexpectedAdmissionError: Allocate failed due to failed to write checkpoint file"
                        + " \"kubelet_internal_checkpoint\": ");
        Files.delete(inside);
        Files.delete(checkpoint);
        assertThat(admitted(pod("two", 1))).isEmpty();
    }

    @Test
    void withoutADirectoryPluginsComeLater() throws Exception {
        var late = directory.resolve("late");
        Files.createFile(late);
        sockets.registrar = NOBODY;
        devices = new PluggedDevices(late, sockets, scope, () -> now, List.of(0, 1));
        devices.start();
        assertThat(admitted(pod("one", 1))).isEmpty();
        assertThat(sockets.registrar).isSameAs(NOBODY);
        Files.delete(late);
        await(() -> sockets.registrar != NOBODY);
    }

    @Test
    void aPluginThatDoesNotAnswerHoldsUpNobodyElse() throws Exception {
        plug("a", "b");
        var hanging = sockets.plugin;
        hanging.hangs = new CountDownLatch(1);
        hanging.fails = true;
        var answer = new ArrayList<String>();
        var waits = scope.start("first", () -> answer.add(admitted(pod("one", 1))));
        hanging.asked.await();
        sockets.plugin = new Plugin(new DevicePlugin.Capabilities(false, false));
        sockets.registrar.register("v1beta1", "e.sock", "example.com/other");
        tell(List.of(new DevicePlugin.Device("o", true)));
        await(() -> devices.counts().capacity().get("example.com/other").units() == 1);
        var other = "containers: [" + container("c", 1).replace(DONGLE, "example.com/other") + "]";
        assertThat(admitted(pod("two", other))).isEmpty();
        // What is asked for is nobody else's meanwhile, and somebody's again when it is not given.
        assertThat(admitted(pod("three", 2))).contains("Requested: 2, Available: 1");
        hanging.hangs.countDown();
        waits.join();
        assertThat(answer).hasSize(1).first().asString().contains("desc = broken");
        hanging.fails = false;
        assertThat(admitted(pod("three", 2))).isEmpty();
    }

    @Test
    void aPluginThatComesAgainIsNotListenedToTwice() throws Exception {
        plug("a");
        var before = sockets.plugin;
        sockets.plugin = new Plugin(new DevicePlugin.Capabilities(false, false));
        plug("a");
        before.left.await();
        assertThat(counted()).isEqualTo("1/1");
    }

    @Test
    void namesOfPluginsThatWentDoNotAddUp() throws Exception {
        plug("a");
        for (int i = 1; i < 100; i++) sockets.registrar.register("v1beta1", "d.sock", "example.com/d" + i);
        assertThatThrownBy(() -> sockets.registrar.register("v1beta1", "d.sock", "example.com/more"))
                .hasMessage("there are 100 resources already");
        startAnew();
        await(() -> sockets.registrar != NOBODY);
        // They may come back.
        assertThatThrownBy(() -> sockets.registrar.register("v1beta1", "d.sock", "example.com/more"))
                .hasMessage("there are 100 resources already");
        now = now.plusSeconds(301);
        sockets.registrar.register("v1beta1", "d.sock", "example.com/more");
        assertThat(devices.counts().capacity()).hasSize(100).containsKey("example.com/more");
    }
}
