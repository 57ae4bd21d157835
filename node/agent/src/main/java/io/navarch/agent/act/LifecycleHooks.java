package io.navarch.agent.act;

import io.navarch.agent.decide.PodLifecycle;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.model.Container;
import io.navarch.model.LifecycleHandler;
import io.navarch.model.Pod;
import io.navarch.process.Timers;
import java.io.IOException;
import java.time.Duration;

/// Runs what a container wants to be done after its start and before its end.
///
/// Source: https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
public record LifecycleHooks(ContainerRuntime runtime, HttpAction http, Timers timers, PodEvents events) {
    private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(30);

    /// False when it failed; the container is then to be stopped.
    boolean postStart(Pod pod, Container spec, String containerId, String podAddress) {
        return run(pod, spec, spec.lifecycle().postStart(), containerId, podAddress, "PostStartHook");
    }

    /// A hook that fails keeps nothing from stopping.
    void preStop(Pod pod, Container spec, String containerId, String podAddress) {
        run(pod, spec, spec.lifecycle().preStop(), containerId, podAddress, "PreStopHook");
    }

    private boolean run(Pod pod, Container spec, LifecycleHandler handler, String id, String podAddress, String title) {
        if (!handler.exists()) return true;
        var failure = "";
        try {
            failure = failure(pod, spec, handler, id, podAddress);
        } catch (RuntimeFailure | IOException e) {
            failure = String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure.isEmpty()) return true;
        events.warning(pod, spec.name(), "Failed" + title, title + " failed: " + failure);
        return false;
    }

    /// What went wrong, `""` if nothing did.
    private String failure(Pod pod, Container spec, LifecycleHandler handler, String id, String podAddress)
            throws IOException, InterruptedException {
        if (handler.hasExec()) {
            int code = runtime.execSync(id, handler.exec().command(), PodLifecycle.graceSeconds(pod))
                    .exitCode();
            return code == 0 ? "" : "command exited with " + code;
        }
        if (handler.hasHttpGet()) {
            int status = http.call(handler.httpGet(), spec, podAddress, HTTP_TIMEOUT);
            return status < 400 ? "" : "HTTP status " + status;
        }
        if (handler.hasSleep()) timers.pause(Duration.ofSeconds(handler.sleep().seconds()));
        return "";
    }
}
