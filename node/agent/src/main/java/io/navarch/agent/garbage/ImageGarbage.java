package io.navarch.agent.garbage;

import io.navarch.agent.decide.ResourceConfig.ImageKeeping;
import io.navarch.cri.ContainerRuntime.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Which images go when there is too little room for them: those that were not used for longest.
///
/// Source: https://kubernetes.io/docs/concepts/architecture/garbage-collection/#container-image-lifecycle
///
/// @param known what is known of each image, by its id
public record ImageGarbage(Map<String, Known> known) {
    public static final ImageGarbage NOTHING_KNOWN = new ImageGarbage(Map.of());

    /// @param first when it was first seen
    /// @param used when a container was last made of it, or else the beginning of time
    /// @param kept whether it must stay
    public record Known(String id, long size, Instant first, Instant used, boolean kept) {}

    /// @param used names and ids of images that containers are made of
    public ImageGarbage seen(Collection<Image> images, Set<String> used, Set<String> kept, Instant now) {
        var next = new HashMap<String, Known>();
        for (var image : images) {
            var before = known.get(image.id());
            boolean inUse = names(image).anyMatch(used::contains);
            next.put(
                    image.id(),
                    new Known(
                            image.id(),
                            image.size(),
                            before == null ? now : before.first,
                            inUse ? now : before == null ? Instant.EPOCH : before.used,
                            image.pinned() || names(image).anyMatch(kept::contains)));
        }
        return new ImageGarbage(Map.copyOf(next));
    }

    private static Stream<String> names(Image image) {
        return Stream.concat(Stream.of(image.id()), Stream.concat(image.tags().stream(), image.digests().stream()));
    }

    /// Those that nobody has used for longer than they are kept.
    ///
    /// @param since when the node began to look
    public List<Known> tooOld(ImageKeeping keeping, Instant since, Instant now) {
        // Nobody has seen it being used before the node began to look.
        if (keeping.longest().isZero() || Duration.between(since, now).compareTo(keeping.longest()) <= 0)
            return List.of();
        return candidates(now)
                .filter(image ->
                        Duration.between(later(image.used, image.first), now).compareTo(keeping.longest()) > 0)
                .toList();
    }

    private static Instant later(Instant left, Instant right) {
        return left.isAfter(right) ? left : right;
    }

    /// Those that go, in their order, until so many bytes are free.
    public List<Known> toFree(long bytes, ImageKeeping keeping, Instant now) {
        var going = new ArrayList<Known>();
        long freed = 0;
        for (var image : candidates(now).toList()) {
            if (freed >= bytes) break;
            // It may have come for a container that is about to start.
            if (Duration.between(image.first, now).compareTo(keeping.least()) < 0) continue;
            going.add(image);
            freed += image.size;
        }
        return going;
    }

    private Stream<Known> candidates(Instant now) {
        return known.values().stream()
                .filter(image -> !image.kept && image.used.isBefore(now))
                .sorted(Comparator.comparing(Known::used)
                        .thenComparing(Known::first)
                        .thenComparing(Known::id));
    }

    /// How many bytes are too many, 0 for none.
    ///
    /// @param available of the file system of this capacity
    public static long excess(ImageKeeping keeping, long capacity, long available) {
        if (capacity <= 0) return 0;
        long usedPercent = 100 - Math.clamp(available, 0, capacity) * 100 / capacity;
        if (usedPercent < keeping.highPercent()) return 0;
        return capacity * (100 - keeping.lowPercent()) / 100 - available;
    }
}
