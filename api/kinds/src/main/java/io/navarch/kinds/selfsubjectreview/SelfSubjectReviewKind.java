package io.navarch.kinds.selfsubjectreview;

import io.navarch.kinds.types.Types;
import io.navarch.schema.KindDefinition;

/// SelfSubjectReview: who am I? A question that is answered and not kept.
public final class SelfSubjectReviewKind {
    private SelfSubjectReviewKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("authentication.k8s.io", "SelfSubjectReview", "selfsubjectreviews")
                .version("v1", types.get("V1SelfSubjectReview"))
                .clusterScoped()
                .createOnly();
    }
}
