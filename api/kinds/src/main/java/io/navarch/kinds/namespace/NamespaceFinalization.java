package io.navarch.kinds.namespace;

import io.navarch.model.Namespace;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.schema.subresource.SubresourceHandler;

/// `namespaces/finalize`: replaces `spec.finalizers`. A namespace that is being deleted goes with its last one.
public final class NamespaceFinalization implements SubresourceHandler {
    @Override
    public Answer serve(Request request, Objects objects) throws InterruptedException {
        var sent = Namespace.of(View.of(request.body()));
        var name = request.call().name();
        var draft = objects.edit(Resources.NAMESPACES, "", name);
        var current = Namespace.of(View.of(draft.object()));
        var version = sent.resourceVersion();
        if (!version.isEmpty() && !version.equals(current.resourceVersion())) {
            throw ApiException.conflict(
                    Resources.NAMESPACES.plural(),
                    "",
                    name,
                    "the object has been modified; please apply your changes to the latest version and try again");
        }
        var finalizers = sent.spec().finalizers();
        Namespace.edit(draft.object()).spec(spec -> spec.finalizers(finalizers));
        boolean last = current.deleting()
                && finalizers.isEmpty()
                && current.metadata().finalizers().isEmpty();
        var result = last ? draft.remove() : draft.store();
        return new Answer(200, result.object());
    }
}
