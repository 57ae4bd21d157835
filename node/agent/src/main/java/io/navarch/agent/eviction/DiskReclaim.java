package io.navarch.agent.eviction;

/// What can be had of a disk before pods have to go, as a port.
public interface DiskReclaim {
    /// Removes what is left of containers of pods that have ended, or were replaced.
    void deadContainers();

    /// Removes images that no container is made of.
    void unusedImages();
}
