package io.navarch.agent.csi;

import io.navarch.csi.CsiFailure;
import io.navarch.model.CSIDriver;
import io.navarch.objects.ApiException;
import io.navarch.process.TaskScope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks drivers anew how many volumes the node can have, as often as their CSIDriver objects say
/// (`nodeAllocatableUpdatePeriodSeconds`).
public final class DriverLimits {
    private static final Logger LOG = LoggerFactory.getLogger(DriverLimits.class);
    /// No period is shorter.
    private static final long LOOK_MILLIS = 10_000;
    /// How often it is looked what the objects say.
    private static final Duration OBJECTS = Duration.ofMinutes(1);

    private final CsiDrivers drivers;
    private final Function<String, CSIDriver> objects;
    private final InstantSource clock;
    private final Map<String, Known> known = new HashMap<>();

    /// @param period zero when there is none
    private record Known(Duration period, Instant looked, Instant asked) {}

    /// @param objects what the API says of drivers now
    public DriverLimits(CsiDrivers drivers, Function<String, CSIDriver> objects, InstantSource clock) {
        this.drivers = drivers;
        this.objects = objects;
        this.clock = clock;
    }

    public void start(TaskScope scope) {
        scope.every("driver-limits", LOOK_MILLIS, this::look);
    }

    void look() {
        var now = clock.instant();
        known.keySet().retainAll(drivers.names());
        for (var name : drivers.names()) {
            try {
                look(name, now);
            } catch (ApiException | CsiFailure e) {
                LOG.debug("driver {}: {}", name, e.getMessage());
            }
        }
    }

    private void look(String name, Instant now) {
        var before = known.get(name);
        if (before == null || !before.looked.plus(OBJECTS).isAfter(now)) {
            var seconds = objects.apply(name).spec().nodeAllocatableUpdatePeriodSeconds();
            // It was asked when it registered.
            before = new Known(Duration.ofSeconds(seconds), now, before == null ? now : before.asked);
            known.put(name, before);
        }
        if (before.period.isZero() || before.asked.plus(before.period).isAfter(now)) return;
        known.put(name, new Known(before.period, before.looked, now));
        drivers.renew(name);
    }
}
