package io.navarch.controllers;

import io.navarch.model.Resources;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The templates that a workload has had, as ControllerRevisions: the newest has the highest number.
///
/// @param all those of the owner, the oldest first
public record Revisions(View owner, ResourceType<View> ownerType, String hashLabel, List<View> all) {
    private static final ResourceType<View> TYPE = Resources.CONTROLLER_REVISIONS.untyped();

    public static Revisions of(View owner, ResourceType<View> ownerType, String hashLabel, List<View> owned) {
        var sorted = new ArrayList<>(owned);
        sorted.sort(Comparator.comparingLong(Revisions::number)
                .thenComparing(Pods::created)
                .thenComparing(View::name));
        return new Revisions(owner, ownerType, hashLabel, sorted);
    }

    private static long number(View revision) {
        return revision.get("revision").longOr(0);
    }

    /// What is recorded of a workload: a patch that brings its template back.
    private static Map<String, Object> data(View owner) {
        var template = Trees.copy(owner.spec().get("template").map());
        template.put("$patch", "replace");
        return Trees.map("spec", Trees.map("template", template));
    }

    private String hash() {
        return TemplateHash.of(data(owner), owner.status().get("collisionCount").longOr(0));
    }

    /// The name that a new revision gets.
    public String nextName() {
        return owner.name() + "-" + hash();
    }

    public View named(String name) {
        return all.stream().filter(each -> each.name().equals(name)).findFirst().orElse(View.of(null));
    }

    /// The revision of the present template, made or raised to the newest when it is not.
    public View current(List<Action> actions) {
        var data = data(owner);
        var equal = all.reversed().stream()
                .filter(each -> Trees.semanticEquals(data, each.get("data").value()))
                .findFirst()
                .orElse(View.of(null));
        long newest = all.isEmpty() ? 0 : number(all.getLast());
        if (!equal.exists()) {
            var made = made(data, newest + 1);
            actions.add(new Action.Create(TYPE, made));
            return View.of(made);
        }
        if (number(equal) < newest) {
            actions.add(new Action.Patch(TYPE, equal.key(), "", Trees.map("revision", newest + 1)));
        }
        return equal;
    }

    private Map<String, Object> made(Map<String, Object> data, long number) {
        var labels =
                Trees.copy(owner.spec().get("template").metadata().get("labels").map());
        var withHash = Trees.map();
        withHash.putAll(labels);
        withHash.put(hashLabel, hash());
        var annotations = Trees.map();
        owner.metadata().get("annotations").map().forEach((key, value) -> {
            if (!key.equals("kubectl.kubernetes.io/last-applied-configuration")) annotations.put(key, value);
        });
        return Trees.map(
                "metadata",
                Trees.map(
                        "name",
                        nextName(),
                        "namespace",
                        owner.namespace(),
                        "labels",
                        withHash,
                        "annotations",
                        annotations.isEmpty() ? null : annotations,
                        "ownerReferences",
                        Trees.list(Owners.reference(owner, ownerType))),
                "data",
                data,
                "revision",
                number);
    }

    /// The template that a revision recorded.
    public static View template(View revision) {
        var template = Trees.copy(revision.get("data", "spec", "template").map());
        template.remove("$patch");
        return View.of(template);
    }

    /// Deletes the oldest that are not live beyond the limit of the history.
    public void truncate(Set<String> live, List<Action> actions) {
        int limit = owner.spec().get("revisionHistoryLimit").intOr(10);
        var dead = all.stream().filter(each -> !live.contains(each.name())).toList();
        for (int i = 0; i < dead.size() - limit; i++)
            actions.add(new Action.Delete(TYPE, dead.get(i).key(), dead.get(i).uid()));
    }
}
