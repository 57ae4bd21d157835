package io.navarch.apiserver.write;

import io.navarch.apiserver.access.AccessAttributes;
import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.access.Forbidden;
import io.navarch.objects.ApiException;
import io.navarch.schema.admission.Verb;
import java.util.Map;

/// Stage: whoever makes a new object by an update or a patch needs the right to create it, too. The call itself
/// was only authorized as what it says it is.
public final class CreationRight implements WriteStage {
    private final Authorizer authorizer;

    public CreationRight(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    @Override
    public Map<String, Object> apply(Write write, Map<String, Object> object) {
        var request = write.request();
        if (!write.creates() || request.info().is(Verb.CREATE)) return object;
        var right = AccessAttributes.of(request.user(), request.info()).doing(Verb.CREATE.text());
        var decision = authorizer.authorize(right);
        if (decision.allowed()) return object;
        if (!decision.error().isEmpty())
            throw new ApiException(ApiException.Reason.INTERNAL_ERROR, "Internal error occurred: " + decision.error());
        throw Forbidden.of(right, decision.reason());
    }
}
