package io.navarch.agent.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.navarch.agent.csi.CsiDrivers;
import io.navarch.agent.csi.PluginRefusedException;
import io.navarch.agent.decide.CsiVolume;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.agent.linux.LongWork;
import io.navarch.agent.linux.MountTable;
import io.navarch.csi.CsiNode;
import io.navarch.csi.CsiNode.NodeInfo;
import io.navarch.csi.CsiSockets;
import io.navarch.csi.PluginSocket;
import io.navarch.csi.PluginSocket.PluginInfo;
import io.navarch.model.ApiObject;
import io.navarch.model.CSIDriver;
import io.navarch.model.EventType;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.model.SecretReference;
import io.navarch.model.VolumeAttachment;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A node with one driver, of which the tests say what it does, and what the API says of it.
@Timeout(60)
abstract class DriverFixture {
    @TempDir
    Path directory;

    final LongWork work = new LongWork(Duration.ofMinutes(1), 10);
    final Set<String> staged = ConcurrentHashMap.newKeySet();
    FakeCsiNode driver = new FakeCsiNode(Path.of("/"));
    CsiDirectories directories = new CsiDirectories(new PodDirectories(Path.of("/")));
    CsiDrivers drivers = drivers();
    CsiMounts mounts = restarted();
    UnusedVolumes unused = new UnusedVolumes(parts());

    // What the API says.
    String declared = "{attachRequired: false}";
    final Set<String> attached = new HashSet<>();
    boolean going;
    String node = "first";
    List<String> used = List.of();
    final List<PersistentVolumeClaim> written = new ArrayList<>();
    final List<String> events = new ArrayList<>();

    final class Api implements CsiObjects {
        @Override
        public CSIDriver driver(String name) {
            return declared.isEmpty()
                    ? CSIDriver.ABSENT
                    : CSIDriver.of(view("{metadata: {name: d}, spec: " + declared + "}"));
        }

        @Override
        public Map<String, String> secret(SecretReference reference) {
            if (!reference.exists()) return Map.of();
            if (reference.name().equals("missing")) throw new UnresolvedException("no such secret");
            return Map.of("key", reference.namespace() + "/" + reference.name());
        }

        @Override
        public String tokens(Pod pod, CSIDriver asked) {
            return asked.spec().tokenRequests().isEmpty() ? "" : "tokens";
        }

        @Override
        public VolumeAttachment attached(CsiVolume volume) {
            return attached.contains(volume.uniqueName())
                    ? VolumeAttachment.of(
                            view("{metadata: {name: a}, status: {attached: true, attachmentMetadata: {lun: '3'}}}"))
                    : VolumeAttachment.ABSENT;
        }

        @Override
        public String node() {
            return node;
        }

        @Override
        public void use(List<String> uniqueNames) {
            used = uniqueNames;
        }

        @Override
        public PersistentVolumeClaim status(PersistentVolumeClaim before, PersistentVolumeClaim after) {
            written.add(after);
            return after;
        }

        @Override
        public void event(ApiObject about, EventType type, String reason, String message) {
            events.add(reason + ": " + message);
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public boolean going(Pod pod) {
            return going;
        }
    }

    static View view(String yaml) {
        return View.of(Yaml.parse(yaml));
    }

    @BeforeEach
    void start() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        driver = new FakeCsiNode(Files.createDirectories(directory.resolve("disk")));
        directories = new CsiDirectories(new PodDirectories(directory.resolve("kubelet")));
        drivers = drivers();
        register();
        mounts = restarted();
        unused = new UnusedVolumes(parts());
    }

    @AfterEach
    void unmount() throws IOException {
        MountTable.clear(directory, new BoundedCalls(Duration.ofMinutes(1)));
    }

    CsiDrivers drivers() {
        return new CsiDrivers(
                new CsiSockets() {
                    @Override
                    public CsiNode driver(String endpoint) {
                        return driver;
                    }

                    @Override
                    public PluginSocket plugin(Path socket) {
                        throw new AssertionError();
                    }
                },
                new CsiDrivers.Announcement() {
                    @Override
                    public void announce(String name, NodeInfo info) {}

                    @Override
                    public void renew(String name, NodeInfo info) {}

                    @Override
                    public void withdraw(String name) {}
                });
    }

    static PluginInfo plugin() {
        return new PluginInfo(CsiDrivers.TYPE, "d", "/d.sock", List.of("1.0.0"));
    }

    void register() {
        try {
            drivers.register(plugin());
        } catch (PluginRefusedException e) {
            throw new AssertionError(e);
        }
    }

    CsiParts parts() {
        var wait = new AttachWait(directories, new Api(), Duration.ofMillis(200));
        return new CsiParts(
                directories,
                drivers,
                new Api(),
                wait,
                "n",
                new KeyedLocks(),
                staged,
                new BoundedCalls(Duration.ofMinutes(1)),
                work);
    }

    CsiMounts restarted() {
        staged.clear();
        return new CsiMounts(parts());
    }

    static Pod pod(String uid) {
        return Pod.of(view("{metadata: {name: p, namespace: ns, uid: " + uid
                + "}, spec: {serviceAccountName: sa, volumes: [{name: v, csi: {driver: d}}]}}"));
    }

    static CsiVolume volume(String handle, SecretReference stage, SecretReference publish) {
        return new CsiVolume(
                "pv-" + handle,
                "d",
                handle,
                false,
                false,
                false,
                "ext4",
                Map.of("size", "1"),
                List.of(),
                List.of(),
                new CsiVolume.Secrets(stage, publish, SecretReference.ABSENT));
    }

    static CsiVolume volume(String handle) {
        return volume(handle, SecretReference.ABSENT, SecretReference.ABSENT);
    }

    Path show(String uid, CsiVolume volume) {
        return mounts.mount(new CsiMounts.Request(pod(uid), volume, OptionalLong.empty(), false))
                .path();
    }

    void refused(String uid, CsiVolume volume, String message) {
        assertThatThrownBy(() -> show(uid, volume))
                .isInstanceOf(UnresolvedException.class)
                .hasMessage(message);
    }

    void removeUnused() throws IOException {
        for (var shared : directories.shared()) unused.removeUnused(shared);
    }

    void nothingIsLeft() throws IOException {
        assertThat(MountTable.below(directory)).isEmpty();
        assertThat(directories.shared()).isEmpty();
        assertThat(directories.places("u")).isEmpty();
        assertThat(directories.places("w")).isEmpty();
    }
}
