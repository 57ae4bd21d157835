package io.navarch.apiserver.admission;

import io.navarch.model.StatusCause;
import io.navarch.model.StatusDetails;
import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import java.util.List;

/// Errors of the server itself, as Kubernetes words and details them.
public final class InternalErrors {
    private InternalErrors() {}

    public static ApiException of(String why) {
        return new ApiException(
                ApiException.Reason.INTERNAL_ERROR,
                "Internal error occurred: " + why,
                Trees.map(StatusDetails.CAUSES, List.of(Trees.map(StatusCause.MESSAGE, why))));
    }
}
