package io.navarch.apps.lifecycle;

import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.GrpcRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.http.EventLoops;
import java.util.Collection;
import java.util.Optional;

/// Images that this machine's containerd has already. A pod that does not ask for more takes what is there under a
/// name, so a name that means another image now has to be told to containerd.
final class HeldImages {
    private HeldImages() {}

    /// What is done with an image that is held.
    private interface Use {
        void of(ContainerRuntime runtime, String name);
    }

    /// Images that have never been used here are left until somebody needs them.
    static void refresh(Cluster cluster, Collection<String> names) {
        each(cluster, names, (runtime, name) -> {
            var ignored = runtime.pullImage(name, Optional.empty());
        });
    }

    /// What containers run goes on running.
    static void forget(Cluster cluster, Collection<String> names) {
        each(cluster, names, ContainerRuntime::removeImage);
    }

    private static void each(Cluster cluster, Collection<String> names, Use use) {
        if (!cluster.runtime().answers()) return;
        try (var eventLoops = new EventLoops(1);
                var runtime = new GrpcRuntime(cluster.runtime().socket(), eventLoops.group())) {
            for (var name : names) if (runtime.image(name).isPresent()) use.of(runtime, name);
        } catch (RuntimeFailure e) {
            System.err.println("containerd keeps what it has under this name: " + e.getMessage());
        }
    }
}
