package io.navarch.cri;

import java.time.Instant;

/// A pod's sandbox in a listing.
public record Sandbox(String id, String podName, String podUid, int attempt, boolean ready, Instant created) {}
