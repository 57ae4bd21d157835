package io.navarch.controllers;

import io.navarch.model.ApiObject;
import io.navarch.model.ControllerRevision;
import io.navarch.model.PodTemplateSpec;
import io.navarch.model.Resources;
import io.navarch.model.StatefulSet;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The templates that a workload has had, as ControllerRevisions: the newest has the highest number.
///
/// @param template of the workload at present
/// @param collisions how often the name of a new revision was taken
/// @param hashLabel the label of revisions that holds the template's hash
/// @param all those of the owner, the oldest first
public record Revisions(
        ApiObject owner,
        ResourceType<?> ownerType,
        PodTemplateSpec template,
        int collisions,
        String hashLabel,
        List<ControllerRevision> all) {
    private static final ResourceType<ControllerRevision> TYPE = Resources.CONTROLLER_REVISIONS;
    private static final String DIRECTIVE = "$patch";
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    public Revisions {
        var sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparingLong(ControllerRevision::revision)
                .thenComparing(ControllerRevision::created)
                .thenComparing(ControllerRevision::name));
        all = List.copyOf(sorted);
    }

    /// The revision of the present template, and what makes it the newest.
    public record Current(ControllerRevision revision, Optional<Action> change) {}

    /// What is recorded of a workload: a patch that brings its template back. Those of all kinds look alike. Clients
    /// compare its bytes with what they make of the workload, in the order of the fields' names.
    private View data() {
        var replaced = Trees.copy(template.view().map());
        replaced.put(DIRECTIVE, "replace");
        var patch = StatefulSet.builder().spec(spec -> spec.template(new PodTemplateSpec(replaced)));
        return View.of(Trees.sorted(patch.build().view().map()));
    }

    public Optional<ControllerRevision> named(String name) {
        return all.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    public Current current() {
        var data = data();
        long newest = all.isEmpty() ? 0 : all.getLast().revision();
        for (var each : all.reversed()) {
            if (!data.semanticEquals(each.data())) continue;
            if (each.revision() == newest) return new Current(each, Optional.empty());
            var raised = ControllerRevision.builder().revision(newest + 1).build();
            return new Current(each, Optional.of(new Action.Patch(TYPE, each.key(), "", raised)));
        }
        var made = made(data, newest + 1);
        return new Current(made, Optional.of(new Action.Create(TYPE, made.view().map())));
    }

    private ControllerRevision made(View data, long number) {
        var hash = TemplateHash.of(data, collisions);
        return ControllerRevision.builder()
                .metadata(metadata -> {
                    metadata.name(owner.name() + "-" + hash)
                            .namespace(owner.namespace())
                            .labels(template.metadata().labels())
                            .putLabels(hashLabel, hash)
                            .addOwnerReferences(OwnerReferences.of(owner, ownerType));
                    owner.annotations().forEach((key, value) -> {
                        if (!key.equals(LAST_APPLIED)) metadata.putAnnotations(key, value);
                    });
                })
                .data(data)
                .revision(number)
                .build();
    }

    /// The template that a revision recorded.
    public static PodTemplateSpec template(ControllerRevision revision) {
        var template = StatefulSet.of(revision.data()).spec().template().toBuilder();
        template.map().remove(DIRECTIVE);
        return template.build();
    }

    /// Deletes the oldest that are not live beyond the limit of the history.
    public List<Action> truncate(Set<String> live, int limit) {
        var dead = all.stream().filter(each -> !live.contains(each.name())).toList();
        return dead.stream()
                .limit(Math.max(0, dead.size() - limit))
                .<Action>map(each -> new Action.Delete(TYPE, each.key(), each.uid()))
                .toList();
    }
}
