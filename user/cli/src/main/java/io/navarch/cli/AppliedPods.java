package io.navarch.cli;

import io.navarch.cli.ManifestApplier.Applied;
import io.navarch.client.Client;
import io.navarch.model.DaemonSet;
import io.navarch.model.Deployment;
import io.navarch.model.Event;
import io.navarch.model.LabelSelector;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import io.navarch.model.Resources;
import io.navarch.model.StatefulSet;
import io.navarch.model.StatusCondition;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// How far applied objects are that run pods, and what is wrong with those that do not.
public final class AppliedPods {
    /// As many lines of a container's output are read, of as many bytes together.
    private static final int LINES = 10;

    private static final int BYTES = 16 << 10;

    /// Events are for people: the last ones are enough.
    private static final int EVENTS = 500;

    private final Client client;

    public AppliedPods(Client client) {
        this.client = client;
    }

    /// How many pods there are to be, and how many are new and ready.
    ///
    /// @param current whether its controller has seen it as it is, and no old pods are left
    private record Progress(int wanted, int ready, boolean current) {
        static Progress of(Deployment live) {
            int wanted = live.spec().replicasOr(1);
            var status = live.status();
            return new Progress(
                    wanted,
                    Math.min(status.updatedReplicas(), status.availableReplicas()),
                    status.observedGeneration() >= live.metadata().generation() && status.replicas() == wanted);
        }

        static Progress of(StatefulSet live) {
            int wanted = live.spec().replicasOr(1);
            var status = live.status();
            // Those below stay as they are.
            int kept = live.spec().updateStrategy().rollingUpdate().partition();
            return new Progress(
                    wanted,
                    Math.min(status.updatedReplicas() + kept, status.readyReplicas()),
                    status.observedGeneration() >= live.metadata().generation() && status.replicas() == wanted);
        }

        static Progress of(DaemonSet live) {
            var status = live.status();
            return new Progress(
                    status.desiredNumberScheduled(),
                    Math.min(status.updatedNumberScheduled(), status.numberAvailable()),
                    status.observedGeneration() >= live.metadata().generation());
        }

        static Progress of(Pod live) {
            boolean done = live.status().phase() == PodPhase.SUCCEEDED
                    || StatusCondition.isTrue(live.status().conditions(), "Ready");
            return new Progress(1, done ? 1 : 0, true);
        }

        boolean done() {
            return current && ready >= wanted;
        }
    }

    /// What an applied object still waits for, `""` when it is done.
    public String pending(Applied applied) {
        var progress = progress(applied);
        if (progress.isEmpty() || progress.get().done()) return "";
        var troubles = pods(applied).stream()
                .flatMap(pod -> PodTrouble.of(pod).stream())
                // Until its probe has passed every pod is not ready.
                .filter(trouble -> trouble.log() != PodTrouble.Log.CURRENT)
                .findFirst();
        return progress.get().ready + " of " + progress.get().wanted + " pods ready"
                + troubles.map(trouble -> " (" + trouble.pod().name() + ": " + trouble.what() + ")")
                        .orElse("");
    }

    private Optional<Progress> progress(Applied applied) {
        var key = applied.object().key();
        if (applied.type().equals(Resources.DEPLOYMENTS))
            return Optional.of(Progress.of(client.get(Resources.DEPLOYMENTS, key)));
        if (applied.type().equals(Resources.STATEFUL_SETS))
            return Optional.of(Progress.of(client.get(Resources.STATEFUL_SETS, key)));
        if (applied.type().equals(Resources.DAEMON_SETS))
            return Optional.of(Progress.of(client.get(Resources.DAEMON_SETS, key)));
        if (applied.type().equals(Resources.PODS)) return Optional.of(Progress.of(client.get(Resources.PODS, key)));
        return Optional.empty();
    }

    private List<Pod> pods(Applied applied) {
        var key = applied.object().key();
        if (applied.type().equals(Resources.PODS)) return List.of(client.get(Resources.PODS, key));
        // All that run pods from a template have their selector in the same place.
        var selector = Deployment.of(View.over(applied.object())).spec().selector();
        return selected(key.namespace(), selector);
    }

    private List<Pod> selected(String namespace, LabelSelector selector) {
        var query = "labelSelector="
                + Client.encode(
                        io.navarch.objects.LabelSelector.ofObject(selector).toString());
        return client.items(Resources.PODS, namespace, query);
    }

    /// What keeps the pods of an applied object from being ready; where they do not say it themselves, what has been
    /// reported of them last.
    public List<PodTrouble> troubles(Applied applied) {
        var troubles = new ArrayList<PodTrouble>();
        for (var pod : pods(applied)) {
            var own = PodTrouble.of(pod);
            troubles.addAll(own);
            if (own.isEmpty() && !Progress.of(pod).done())
                reported(pod.key(), pod.metadata().uid()).ifPresent(troubles::add);
        }
        if (troubles.isEmpty())
            reported(applied.object().key(), applied.object().metadata().uid()).ifPresent(troubles::add);
        return troubles;
    }

    /// Of others that had its name before nothing.
    private Optional<PodTrouble> reported(ObjectKey object, String uid) {
        var query = "limit=" + EVENTS + "&fieldSelector="
                + Client.encode("type=Warning,involvedObject.name=" + object.name() + ",involvedObject.uid=" + uid);
        try {
            return client.items(Resources.EVENTS, object.namespace(), query).stream()
                    .max(Comparator.comparing(AppliedPods::time))
                    .map(event ->
                            new PodTrouble(object, "", event.reason() + ": " + event.message(), PodTrouble.Log.NONE));
        } catch (ApiException e) {
            // What is known already is worth more.
            return Optional.empty();
        }
    }

    private static Instant time(Event event) {
        return event.lastTimestamp().or(event::eventTime).orElse(Instant.EPOCH);
    }

    /// The last lines of what its container has written, if there are any.
    public List<String> lastLines(PodTrouble trouble) {
        if (trouble.log() == PodTrouble.Log.NONE) return List.of();
        var path = Resources.PODS.path(trouble.pod().namespace(), trouble.pod().name(), "log") + "?container="
                + Client.encode(trouble.container()) + "&tailLines=" + LINES
                + (trouble.log() == PodTrouble.Log.PREVIOUS ? "&previous=true" : "");
        try (var response = client.stream("GET", path)) {
            return new String(response.body().readNBytes(BYTES), StandardCharsets.UTF_8)
                    .lines()
                    .limit(LINES)
                    .map(TerminalText::of)
                    .toList();
        } catch (IOException | ApiException e) {
            return List.of("(its output cannot be read: " + e.getMessage() + ")");
        }
    }
}
