package io.navarch.agent.garbage;

import io.navarch.agent.act.EventSink;
import io.navarch.agent.act.RuntimeCache;
import io.navarch.agent.decide.ResourceConfig.ImageKeeping;
import io.navarch.agent.garbage.ImageGarbage.Known;
import io.navarch.agent.linux.FileSystemSpace;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.model.EventType;
import io.navarch.model.Node;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes images that nobody needs: when their disk is nearly full, when they are too old, or when the node is short
/// of
/// disk and pods would have to go.
public final class ImageCollector {
    private static final Logger LOG = LoggerFactory.getLogger(ImageCollector.class);

    private final ContainerRuntime runtime;
    private final RuntimeCache cache;
    private final ImageKeeping keeping;
    private final Supplier<Optional<FileSystemSpace>> space;
    private final Node self;
    private final EventSink events;
    private final InstantSource clock;
    private final Instant began;
    private ImageGarbage garbage = ImageGarbage.NOTHING_KNOWN;

    /// @param space of the file system of images
    /// @param self the node as Events name it
    public ImageCollector(
            ContainerRuntime runtime,
            RuntimeCache cache,
            ImageKeeping keeping,
            Supplier<Optional<FileSystemSpace>> space,
            Node self,
            EventSink events,
            InstantSource clock) {
        this.runtime = runtime;
        this.cache = cache;
        this.keeping = keeping;
        this.space = space;
        this.self = self;
        this.events = events;
        this.clock = clock;
        began = clock.instant();
    }

    /// Removes what is too old, and what there is no room for.
    public synchronized void collect() {
        var now = see();
        remove(garbage.tooOld(keeping, began, now));
        var left = space.get();
        if (left.isEmpty()) return;
        long wanted =
                ImageGarbage.excess(keeping, left.get().bytes(), left.get().bytesAvailable());
        if (wanted <= 0) return;
        long freed = remove(garbage.toFree(wanted, keeping, now));
        LOG.info("of {} bytes that images take too many {} were freed", wanted, freed);
        if (freed < wanted)
            events.record(
                    self,
                    EventType.WARNING,
                    "FreeDiskSpaceFailed",
                    "Failed to garbage collect required amount of images. Attempted to free " + wanted
                            + " bytes, but only found " + freed + " bytes eligible to free.",
                    "");
    }

    /// Removes all that no container is made of.
    public synchronized void unused() {
        var now = see();
        remove(garbage.toFree(Long.MAX_VALUE, keeping, now));
    }

    private Instant see() {
        var used = new HashSet<String>();
        for (var uid : cache.pods()) {
            for (var container : cache.state(uid).containers()) {
                used.add(container.image());
                used.add(container.imageRef());
            }
        }
        var now = clock.instant();
        garbage = garbage.seen(runtime.images(), used, Set.copyOf(keeping.kept()), now);
        return now;
    }

    /// Returns how many bytes they took.
    private long remove(List<Known> images) {
        long freed = 0;
        for (var image : images) {
            try {
                runtime.removeImage(image.id());
                LOG.info("image {} is removed, {} bytes", image.id(), image.size());
                freed += image.size();
            } catch (RuntimeFailure e) {
                LOG.warn("image {} cannot be removed: {}", image.id(), e.getMessage());
            }
        }
        return freed;
    }
}
