package io.navarch.apiserver.admission;

import io.navarch.apiserver.registry.Asking;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.objects.View;
import io.navarch.schema.admission.Operation;
import io.navarch.schema.admission.User;
import io.navarch.schema.subresource.QueryOptions;

/// A call that others may be asked about, apart from its objects.
///
/// @param asked what was called; [Forms] says under what other names it is served
/// @param namespace of a namespace its own name
/// @param name `""` for one that is not known yet
/// @param options of the operation; absent where it has none
/// @param deadline of all that is asked, as [System#nanoTime] has it
/// @param remarks only for the thread that serves the call
public record AdmissionCall(
        Operation operation,
        ServedResource asked,
        String subresource,
        String namespace,
        String name,
        User user,
        boolean dryRun,
        View options,
        Forms forms,
        long deadline,
        Remarks remarks) {
    static AdmissionCall of(ResourceRequest request, Operation operation, String name, Forms forms, View options) {
        var info = request.info();
        return new AdmissionCall(
                operation,
                forms.asked(),
                info.subresource(),
                info.namespaceItself() ? name : info.namespace(),
                name,
                request.user(),
                request.dryRun(),
                options,
                forms,
                System.nanoTime() + Asking.LONGEST.toNanos(),
                Remarks.on(request.response()));
    }

    static View options(ResourceRequest request, Operation operation) {
        return switch (operation) {
            case CREATE -> told(request, "CreateOptions");
            case UPDATE -> told(request, "UpdateOptions");
            case DELETE, CONNECT -> View.ABSENT;
        };
    }

    private static View told(ResourceRequest request, String kind) {
        return View.of(QueryOptions.ofWrite(kind, request.call().query()));
    }
}
