package io.navarch.kinds.selfsubjectaccessreview;

import io.navarch.kinds.types.Types;
import io.navarch.schema.KindDefinition;

/// SelfSubjectAccessReview: may I do this? A question that is answered and not kept.
public final class SelfSubjectAccessReviewKind {
    private SelfSubjectAccessReviewKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("authorization.k8s.io", "SelfSubjectAccessReview", "selfsubjectaccessreviews")
                .version("v1", types.get("V1SelfSubjectAccessReview"))
                .clusterScoped()
                .createOnly();
    }
}
