package io.navarch.agent.volumes;

import io.navarch.agent.csi.CsiDrivers;
import io.navarch.agent.decide.CsiVolume;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.agent.linux.FileSystemSpace;
import io.navarch.agent.stats.ClaimUsage;
import io.navarch.agent.stats.NodeUsage.Disk;
import io.navarch.csi.CsiFailure;
import io.navarch.csi.CsiNode.Capability;
import io.navarch.objects.ObjectKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How full what is behind pods' claims is, looked at once a minute, each by a task of its own: whoever knows it may
/// not answer.
final class ClaimUsages {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimUsages.class);

    private static final Duration FRESH = Duration.ofSeconds(60);

    /// One that a pod has.
    ///
    /// @param driver the driver's own volume, if it is a driver's
    record Shown(String uid, String volume, ObjectKey claim, Path path, Optional<CsiVolume> driver) {}

    /// @param usage empty when nobody says
    private record Measured(Instant time, Optional<ClaimUsage> usage) {}

    private final CsiDrivers drivers;
    private final BoundedCalls calls;
    private final InstantSource clock;
    private final Map<Shown, Measured> measured = new ConcurrentHashMap<>();
    private final Set<Shown> busy = ConcurrentHashMap.newKeySet();

    ClaimUsages(CsiDrivers drivers, BoundedCalls calls, InstantSource clock) {
        this.drivers = drivers;
        this.calls = calls;
        this.clock = clock;
    }

    /// What is known of a pod's.
    List<ClaimUsage> of(String uid) {
        return measured.entrySet().stream()
                .filter(entry -> entry.getKey().uid.equals(uid))
                .flatMap(entry -> entry.getValue().usage.stream())
                .toList();
    }

    /// Those that are to be looked at now; what no pod has any more is forgotten. Who takes one has to measure it.
    List<Shown> due(Collection<Shown> all) {
        measured.keySet().retainAll(new HashSet<>(all));
        return all.stream().filter(this::due).filter(busy::add).toList();
    }

    private boolean due(Shown shown) {
        var known = measured.get(shown);
        var now = clock.instant();
        return known == null
                || now.isBefore(known.time)
                || Duration.between(known.time, now).compareTo(FRESH) >= 0;
    }

    void measure(Shown shown) {
        Optional<ClaimUsage> usage = Optional.empty();
        try {
            usage = read(shown);
        } catch (IOException | CsiFailure e) {
            LOG.debug("volume {} of pod {}: {}", shown.volume, shown.uid, e.getMessage());
        } finally {
            measured.put(shown, new Measured(clock.instant(), usage));
            busy.remove(shown);
        }
    }

    private Optional<ClaimUsage> read(Shown shown) throws IOException {
        if (shown.driver.isEmpty()) {
            var space = calls.call("usage of " + shown.path, () -> FileSystemSpace.of(shown.path));
            var used = new Disk(space.bytes() - space.bytesAvailable(), space.inodes() - space.inodesFree());
            return Optional.of(new ClaimUsage(shown.volume, shown.claim, space, used));
        }
        var volume = shown.driver.get();
        var driver = drivers.find(volume.driver());
        if (driver.isEmpty() || !driver.get().capabilities().contains(Capability.GET_VOLUME_STATS))
            return Optional.empty();
        var usage = driver.get().usage(volume.handle(), shown.path.toString());
        var space = new FileSystemSpace(
                usage.bytes().total(),
                usage.bytes().available(),
                usage.inodes().total(),
                usage.inodes().available());
        var used = new Disk(usage.bytes().used(), usage.inodes().used());
        return Optional.of(new ClaimUsage(shown.volume, shown.claim, space, used));
    }
}
