package io.navarch.agent.decide;

/// The end of a pod that the node puts an end to.
///
/// @param message of its status and Event
/// @param graceSeconds that its containers have at most
/// @param disruption whether it goes for others' sake, and not for what it did itself
public record Eviction(String message, long graceSeconds, boolean disruption) {
    /// Who takes what others need is not waited for.
    public static final long AT_ONCE = 1;

    /// Of a pod that has become larger than it said it would.
    public static Eviction of(String message) {
        return new Eviction(message, AT_ONCE, false);
    }
}
