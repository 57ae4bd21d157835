package io.navarch.agent.volumes;

import io.navarch.agent.csi.CsiDrivers;
import io.navarch.agent.decide.CsiVolume;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.agent.linux.LongWork;
import io.navarch.csi.CsiNode;
import io.navarch.csi.CsiSockets;
import io.navarch.csi.PluginSocket;
import io.navarch.model.ApiObject;
import io.navarch.model.CSIDriver;
import io.navarch.model.EventType;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.model.SecretReference;
import io.navarch.model.VolumeAttachment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// A node that no driver has made itself known to.
final class NoDrivers implements CsiObjects, CsiDrivers.Announcement {
    private NoDrivers() {}

    private static final class NoSockets implements CsiSockets {
        @Override
        public CsiNode driver(String endpoint) {
            throw new AssertionError();
        }

        @Override
        public PluginSocket plugin(Path socket) {
            throw new AssertionError();
        }
    }

    static ClaimedVolumes volumes(Path root, ClaimReader reader) {
        var parts = parts(root);
        return new ClaimedVolumes(
                parts.directories().pods(),
                reader,
                new CsiMounts(parts),
                new VolumeExpansions(parts),
                FileServers.ofMachine(parts.calls()),
                parts.work());
    }

    private static CsiParts parts(Path root) {
        var none = new NoDrivers();
        var directories = new CsiDirectories(new PodDirectories(root));
        return new CsiParts(
                directories,
                new CsiDrivers(new NoSockets(), none),
                none,
                new AttachWait(directories, none),
                "n",
                new KeyedLocks(),
                new HashSet<>(),
                new BoundedCalls(Duration.ofMinutes(1)),
                new LongWork(Duration.ofMinutes(1), 10));
    }

    @Override
    public CSIDriver driver(String name) {
        throw new AssertionError();
    }

    @Override
    public Map<String, String> secret(SecretReference reference) {
        throw new AssertionError();
    }

    @Override
    public String node() {
        throw new AssertionError();
    }

    @Override
    public String tokens(Pod pod, CSIDriver driver) {
        throw new AssertionError();
    }

    @Override
    public VolumeAttachment attached(CsiVolume volume) {
        throw new AssertionError();
    }

    @Override
    public void use(List<String> uniqueNames) {
        throw new AssertionError();
    }

    @Override
    public PersistentVolumeClaim status(PersistentVolumeClaim before, PersistentVolumeClaim after) {
        throw new AssertionError();
    }

    @Override
    public void event(ApiObject about, EventType type, String reason, String message) {
        throw new AssertionError();
    }

    @Override
    public Instant now() {
        throw new AssertionError();
    }

    @Override
    public boolean going(Pod pod) {
        throw new AssertionError();
    }

    @Override
    public void announce(String driver, CsiNode.NodeInfo info) {
        throw new AssertionError();
    }

    @Override
    public void renew(String driver, CsiNode.NodeInfo info) {
        throw new AssertionError();
    }

    @Override
    public void withdraw(String driver) {
        throw new AssertionError();
    }
}
