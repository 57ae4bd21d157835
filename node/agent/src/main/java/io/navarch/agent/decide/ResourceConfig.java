package io.navarch.agent.decide;

/// What a node does about resources besides taking no more pods when it is short of them.
///
/// @param cgroupRoot below which the groups of its pods are, `""` for the machine's own root
/// @param mostPids in each pod, 0 for as many as there are
public record ResourceConfig(String cgroupRoot, Reservation reservation, long mostPids) {
    public static final ResourceConfig DEFAULT = new ResourceConfig("", Reservation.NONE, 0);
}
