package io.navarch.apiserver.stages;

import io.navarch.apiserver.access.AccessAttributes;
import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import java.io.IOException;

/// Refuses what the caller may not do.
public final class Authorization implements Stage<ApiRequest, ApiRequest> {
    private final Authorizer authorizer;

    public Authorization(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        var attributes = AccessAttributes.of(request.user(), request.info());
        if (!authorizer.authorize(attributes).allowed()) throw refusal(request);
        next.proceed(request);
    }

    private static ApiException refusal(ApiRequest request) {
        var info = request.info();
        var who = "User \"" + request.user().name() + "\" cannot " + info.verb();
        if (!info.resourceRequest()) {
            return new ApiException(
                    ApiException.Reason.FORBIDDEN, "forbidden: " + who + " path \"" + info.path() + "\"", Trees.map());
        }
        var scope =
                info.namespace().isEmpty() ? "at the cluster scope" : "in the namespace \"" + info.namespace() + "\"";
        return ApiException.forbidden(
                info.resource(),
                info.group(),
                info.name(),
                who + " resource \"" + info.qualifiedResource() + "\" in API group \"" + info.group() + "\" " + scope);
    }
}
