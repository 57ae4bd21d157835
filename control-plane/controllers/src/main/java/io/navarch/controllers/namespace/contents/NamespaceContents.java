package io.navarch.controllers.namespace.contents;

import io.navarch.client.Client;
import io.navarch.client.Discovery;
import io.navarch.controllers.namespace.Contents;
import io.navarch.controllers.namespace.NamespaceController.Seen;
import io.navarch.model.ApiObject;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ResourceType;
import io.navarch.reconcile.ReadStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lists what a namespace holds. Pods come first and alone: what they use must not be taken from under them.
public record NamespaceContents(Client client) implements ReadStep<Seen> {
    @Override
    public Seen read(Seen seen, Instant now) {
        // Contents are deleted by the name of their namespace: another one of that name must not be emptied.
        var namespace = client.find(Resources.NAMESPACES, seen.namespace().key());
        if (!namespace.deleting() || !namespace.uid().equals(seen.namespace().uid())) return seen;
        var pods = contents(Resources.PODS, namespace.name());
        if (pods.isPresent()) return new Seen(namespace, Optional.of(List.of(pods.get())));
        var contents = new ArrayList<Contents>();
        var unread = new ArrayList<String>();
        var found = Discovery.all(client);
        for (var type : found.namespaced()) {
            if (type.equals(Resources.PODS)) continue;
            try {
                contents(type, namespace.name()).ifPresent(contents::add);
            } catch (ApiException e) {
                // A kind that has gone meanwhile has no objects; any other is waited for, and keeps no other back.
                if (e.reason() != ApiException.Reason.NOT_FOUND) unread.add(e.message());
            }
        }
        return new Seen(namespace, Optional.of(contents), found.failed(), unread);
    }

    private Optional<Contents> contents(ResourceType<? extends ApiObject> type, String namespace) {
        var objects = client.items(type, namespace, "");
        return objects.isEmpty() ? Optional.empty() : Optional.of(Contents.of(type, objects));
    }
}
