package io.navarch.agent.act;

import io.navarch.client.Client;
import io.navarch.model.Pod;
import io.navarch.model.PodStatus;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ApiException.Reason;
import io.navarch.objects.Trees;
import java.util.Optional;

/// Tells the API how its pods are, and lets them go from it.
public record ApiRecords(Client client) implements PodRecords {
    @Override
    public Optional<Pod> write(Pod pod, PodStatus status) {
        // The list of conditions is replaced as a whole, and others write conditions too: what the status was made from
        // must be what is there.
        var patch = Pod.builder()
                .metadata(meta -> meta.uid(pod.uid()).resourceVersion(pod.resourceVersion()))
                .map();
        var changes = Trees.changes(pod.status().view().map(), status.view().map());
        Trees.put(patch, changes, Pod.STATUS);
        try {
            var answer = client.mergePatch(Resources.PODS, pod.key(), "status", patch);
            return Optional.of(answer).filter(now -> now.uid().equals(pod.uid()));
        } catch (ApiException e) {
            if (goneOrReplaced(e)) return Optional.empty();
            throw e;
        }
    }

    @Override
    public void delete(Pod pod) {
        try {
            client.delete(Resources.PODS, pod.key(), pod.uid(), 0L, "");
        } catch (ApiException e) {
            if (!goneOrReplaced(e)) throw e;
        }
    }

    private static boolean goneOrReplaced(ApiException e) {
        return e.reason() == Reason.NOT_FOUND || e.reason() == Reason.CONFLICT;
    }
}
