package io.navarch.agent.decide;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a node does about resources besides ending pods when it is short of them.
///
/// @param cgroupRoot below which the groups of its pods are, `""` for the machine's own root
/// @param mostPids in each pod, 0 for as many as there are
/// @param logins with which images are had
public record ResourceConfig(
        String cgroupRoot,
        Reservation reservation,
        long mostPids,
        ImageKeeping images,
        LogKeeping logs,
        PlacementConfig placement,
        Optional<LoginPrograms> logins) {
    public static final ResourceConfig DEFAULT = new ResourceConfig(
            "", Reservation.NONE, 0, ImageKeeping.DEFAULT, LogKeeping.DEFAULT, PlacementConfig.NONE, Optional.empty());

    /// Programs that know how to log in at registries.
    ///
    /// @param config the file that names them, or a directory of such files
    /// @param directory where they are
    public record LoginPrograms(Path config, Path directory) {}

    /// How much of what a container prints is kept.
    ///
    /// @param longest bytes of one file
    /// @param files with the one that is written
    public record LogKeeping(long longest, int files) {
        public static final LogKeeping DEFAULT = new LogKeeping(10 << 20, 5);

        public LogKeeping {
            if (longest <= 0) throw new IllegalArgumentException("container log max size must be greater than 0");
            if (files <= 1)
                throw new IllegalArgumentException(
                        "invalid configuration: containerLogMaxFiles must be greater than 1");
        }
    }

    /// How long images are kept that no container is made of.
    ///
    /// @param highPercent from how full their disk is on they go
    /// @param lowPercent until it is no fuller
    /// @param least how long they are kept in any case
    /// @param longest how long they are kept without being used, zero for as long as there is room
    /// @param kept names of those that always stay
    /// @param pulls how many may be under way at a time
    public record ImageKeeping(
            int highPercent, int lowPercent, Duration least, Duration longest, List<String> kept, int pulls) {
        public static final int USUAL_PULLS = 5;
        public static final ImageKeeping DEFAULT =
                new ImageKeeping(85, 80, Duration.ofMinutes(2), Duration.ZERO, List.of(), USUAL_PULLS);

        public ImageKeeping {
            if (pulls < 1) throw new IllegalArgumentException("max-parallel-image-pulls must be 1 at least");
            if (highPercent < 0 || highPercent > 100)
                throw new IllegalArgumentException(
                        "invalid HighThresholdPercent " + highPercent + ", must be in range [0-100]");
            if (lowPercent < 0 || lowPercent > 100)
                throw new IllegalArgumentException(
                        "invalid LowThresholdPercent " + lowPercent + ", must be in range [0-100]");
            if (lowPercent >= highPercent)
                throw new IllegalArgumentException("LowThresholdPercent " + lowPercent
                        + " can not be higher than HighThresholdPercent " + highPercent);
        }
    }
}
