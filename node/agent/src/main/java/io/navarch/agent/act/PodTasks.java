package io.navarch.agent.act;

import java.util.List;

/// Where the work of pods runs, as a port: threads, or in tests whatever order is tried.
public interface PodTasks {
    void start(String name, Runnable work);

    /// Runs all of it at the same time and returns when it is done; failures are logged and end nothing.
    void together(List<Runnable> work) throws InterruptedException;
}
