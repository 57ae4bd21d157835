package io.navarch.apiserver.stages;

import io.navarch.apiserver.access.AccessAttributes;
import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.http.HeaderNames;
import io.navarch.objects.ApiException;
import io.navarch.schema.admission.User;
import java.io.IOException;

/// Lets a caller who may do so act as somebody else.
public final class Impersonation implements Stage<ApiRequest, ApiRequest> {
    private final Authorizer authorizer;

    public Impersonation(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        var name = request.call().header(HeaderNames.IMPERSONATE_USER);
        next.proceed(name.isEmpty() ? request : request.as(impersonated(request, name)));
    }

    private User impersonated(ApiRequest request, String name) {
        var check = AccessAttributes.ofResource(request.user(), "impersonate", "", "v1", "users", name);
        if (!authorizer.authorize(check).allowed()) {
            throw ApiException.forbidden(
                    "users",
                    "",
                    name,
                    "User \"" + request.user().name()
                            + "\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope");
        }
        var group = request.call().header(HeaderNames.IMPERSONATE_GROUP);
        return group.isEmpty() ? User.of(name) : User.of(name, group);
    }
}
