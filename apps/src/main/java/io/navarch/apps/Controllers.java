package io.navarch.apps;

import io.navarch.process.TaskScope;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Which controllers run, and as whom.
final class Controllers {
    private final ControlPlane plane;
    private final Pki pki;
    private final InstantSource clock;
    private final RandomGenerator random;

    Controllers(ControlPlane plane, Pki pki, InstantSource clock, RandomGenerator random) {
        this.plane = plane;
        this.pki = pki;
        this.clock = clock;
        this.random = random;
    }

    void start(TaskScope scope) {}
}
