package io.navarch.agent.act;

import io.navarch.agent.decide.ProbeResults;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.model.Container;
import io.navarch.model.Pod;

/// Finds out how the containers of one pod are, as a port.
public interface Probes extends AutoCloseable {
    /// Makes the probes of pods.
    interface Factory {
        Probes of(Listener listener);
    }

    /// Hears what probes find out.
    interface Listener {
        /// @param message which one, as events name it (`Startup`, `Liveness` or `Readiness`), and why
        void probeFailed(Container spec, String message);

        /// The results are others than before.
        void resultsChanged();

        /// Hears of every probe.
        ///
        /// @param type `Startup`, `Liveness` or `Readiness`
        /// @param result `successful`, `failed` or `unknown`
        default void probed(Container spec, String type, String result) {}
    }

    /// No probes: whatever runs is well.
    Probes NONE = new Probes() {
        @Override
        public void update(Pod pod, RuntimeState state) {}

        @Override
        public ProbeResults results(Pod pod, RuntimeState state) {
            return ProbeResults.healthy(state);
        }

        @Override
        public void close() {}
    };

    /// Starts probes of containers that run and stops those of containers that do not.
    void update(Pod pod, RuntimeState state);

    ProbeResults results(Pod pod, RuntimeState state);

    @Override
    void close();
}
