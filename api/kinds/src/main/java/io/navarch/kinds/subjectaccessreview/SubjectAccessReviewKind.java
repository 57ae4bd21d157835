package io.navarch.kinds.subjectaccessreview;

import io.navarch.kinds.types.Types;
import io.navarch.schema.KindDefinition;

/// SubjectAccessReview: may they do this? A question that is answered and not kept.
public final class SubjectAccessReviewKind {
    private SubjectAccessReviewKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("authorization.k8s.io", "SubjectAccessReview", "subjectaccessreviews")
                .version("v1", types.get("V1SubjectAccessReview"))
                .clusterScoped()
                .createOnly();
    }
}
