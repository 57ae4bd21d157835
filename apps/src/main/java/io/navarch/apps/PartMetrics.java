package io.navarch.apps;

import io.navarch.client.CallMetrics;
import io.navarch.client.Client;
import io.navarch.process.Metrics;

/// What the parts of the control plane that are not the API server count, each for itself.
///
/// @param server that they call, as they tell it
record PartMetrics(Metrics controllers, Metrics scheduler, String server) {
    static PartMetrics of(String server) {
        return new PartMetrics(new Metrics(), new Metrics(), server);
    }

    Client ofController(Client client) {
        return client.counted(new CallMetrics(controllers, server, System::nanoTime));
    }

    Client ofScheduler(Client client) {
        return client.counted(new CallMetrics(scheduler, server, System::nanoTime));
    }
}
