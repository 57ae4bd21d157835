package io.navarch.agent.volumes;

import io.navarch.agent.linux.BoundedCalls;
import io.navarch.agent.linux.Handle;
import io.navarch.agent.linux.MountTable;
import io.navarch.csi.CsiFailure;
import io.navarch.csi.CsiNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/// A driver that shows directories of this machine, and fails or hangs when it is told to.
final class FakeCsiNode implements CsiNode {
    private final Path disk;
    final Set<Capability> capabilities = EnumSet.of(Capability.STAGE_UNSTAGE_VOLUME);
    /// The calls it was sent, such as `publish h1`.
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    final List<Publish> published = Collections.synchronizedList(new ArrayList<>());
    final List<Stage> staged = Collections.synchronizedList(new ArrayList<>());
    /// By the call that fails.
    final Map<String, CsiFailure.Code> failing = new HashMap<>();
    /// By the call that ends only when somebody opens it.
    final Map<String, CountDownLatch> hanging = new HashMap<>();

    FakeCsiNode(Path disk) {
        this.disk = disk;
    }

    private void called(String call) {
        calls.add(call);
        var gate = hanging.get(call);
        try {
            if (gate != null) gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var code = failing.get(call);
        if (code != null) throw new CsiFailure(code, "told to", new IOException());
    }

    @Override
    public NodeInfo info() {
        return new NodeInfo("n", 0, Map.of());
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public void stage(Stage request) {
        staged.add(request);
        called("stage " + request.volume());
    }

    @Override
    public void unstage(String volume, String stagingPath) {
        called("unstage " + volume);
    }

    @Override
    public void publish(Publish request) {
        published.add(request);
        called("publish " + request.volume());
        var target = Path.of(request.targetPath());
        try {
            if (MountTable.isMountPoint(target)) return;
            Files.createDirectories(disk.resolve(request.volume()));
            Files.createDirectories(target);
            try (var handle = Handle.directory(disk.resolve(request.volume()))) {
                handle.bindTo(target);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void unpublish(String volume, String targetPath) {
        called("unpublish " + volume);
        try {
            var parent = Objects.requireNonNull(Path.of(targetPath).getParent());
            if (!Files.exists(parent)) return;
            MountTable.clear(parent, new BoundedCalls(Duration.ofMinutes(1)));
            Files.deleteIfExists(Path.of(targetPath));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long expand(Expand request) {
        called("expand " + request.volume());
        return request.requiredBytes();
    }

    @Override
    public Usage usage(String volume, String path) {
        return new Usage(new Amounts(7, 10, 3), Amounts.UNKNOWN);
    }
}
