package io.navarch.agent.act;

import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.model.Container;
import io.navarch.model.LifecycleHandler;
import io.navarch.model.Pod;
import io.navarch.process.Timers;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs what a container wants to be done after its start and before its end.
///
/// Source: https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
public record LifecycleHooks(ContainerRuntime runtime, HttpAction http, Timers timers, PodEvents events) {
    private static final Logger LOG = LoggerFactory.getLogger(LifecycleHooks.class);

    private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(30);

    /// False when it failed; the container is then to be stopped.
    boolean postStart(Pod pod, Container spec, String containerId, String podAddress) {
        var handler = spec.lifecycle().postStart();
        if (!handler.exists() || done(handler, spec, containerId, podAddress, Optional.empty())) return true;
        events.warning(pod, spec.name(), "FailedPostStartHook", "PostStartHook failed");
        return false;
    }

    /// A hook that fails keeps nothing from stopping, and one that takes long only until the grace is over.
    void preStop(Pod pod, Container spec, String containerId, String podAddress, Grace grace) {
        var handler = spec.lifecycle().preStop();
        if (!handler.exists() || done(handler, spec, containerId, podAddress, Optional.of(grace))) return;
        events.warning(pod, spec.name(), "FailedPreStopHook", "PreStopHook failed");
    }

    /// What went wrong stays here: it may contain what a container keeps secret.
    private boolean done(
            LifecycleHandler handler, Container spec, String id, String podAddress, Optional<Grace> grace) {
        try {
            return succeeds(handler, spec, id, podAddress, grace);
        } catch (RuntimeFailure e) {
            LOG.debug("a hook of container {}", id, e);
            return grace.isPresent() && e.reason() == RuntimeFailure.Reason.DEADLINE_EXCEEDED;
        } catch (IOException e) {
            LOG.debug("a hook of container {}", id, e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private boolean succeeds(
            LifecycleHandler handler, Container spec, String id, String podAddress, Optional<Grace> grace)
            throws IOException, InterruptedException {
        if (handler.hasExec()) {
            // Zero: as long as it takes.
            long seconds = grace.map(Grace::left).orElse(0L);
            return runtime.execSync(id, handler.exec().command(), seconds).exitCode() == 0;
        }
        if (handler.hasHttpGet()) {
            var most = grace.map(each -> Duration.ofSeconds(each.left())).orElse(HTTP_TIMEOUT);
            var timeout = most.compareTo(HTTP_TIMEOUT) < 0 ? most : HTTP_TIMEOUT;
            return http.call(handler.httpGet(), spec, podAddress, timeout) < 400;
        }
        if (handler.hasSleep()) sleep(handler.sleep().seconds(), grace);
        return true;
    }

    /// The grace may be shortened meanwhile.
    private void sleep(long seconds, Optional<Grace> grace) throws InterruptedException {
        for (long left = seconds; left > 0 && grace.filter(Grace::over).isEmpty(); left--)
            timers.pause(Duration.ofSeconds(1));
    }
}
