package io.navarch.kinds.localsubjectaccessreview;

import io.navarch.kinds.types.Types;
import io.navarch.schema.KindDefinition;

/// LocalSubjectAccessReview: may they do this in this namespace? A question that is answered and not kept.
public final class LocalSubjectAccessReviewKind {
    private LocalSubjectAccessReviewKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("authorization.k8s.io", "LocalSubjectAccessReview", "localsubjectaccessreviews")
                .version("v1", types.get("V1LocalSubjectAccessReview"))
                .createOnly();
    }
}
