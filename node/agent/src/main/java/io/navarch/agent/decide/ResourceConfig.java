package io.navarch.agent.decide;

import java.time.Duration;
import java.util.List;

/// What a node does about resources besides ending pods when it is short of them.
///
/// @param cgroupRoot below which the groups of its pods are, `""` for the machine's own root
/// @param mostPids in each pod, 0 for as many as there are
public record ResourceConfig(String cgroupRoot, Reservation reservation, long mostPids, ImageKeeping images) {
    public static final ResourceConfig DEFAULT = new ResourceConfig("", Reservation.NONE, 0, ImageKeeping.DEFAULT);

    /// How long images are kept that no container is made of.
    ///
    /// @param highPercent from how full their disk is on they go
    /// @param lowPercent until it is no fuller
    /// @param least how long they are kept in any case
    /// @param longest how long they are kept without being used, zero for as long as there is room
    /// @param kept names of those that always stay
    public record ImageKeeping(int highPercent, int lowPercent, Duration least, Duration longest, List<String> kept) {
        public static final ImageKeeping DEFAULT =
                new ImageKeeping(85, 80, Duration.ofMinutes(2), Duration.ZERO, List.of());

        public ImageKeeping {
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
