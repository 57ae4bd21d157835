package io.navarch.kinds.selfsubjectaccessreview;

import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;

/// SelfSubjectAccessReview: may I do this? A question that is answered and not kept.
public final class SelfSubjectAccessReviewKind {
    private SelfSubjectAccessReviewKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.SELF_SUBJECT_ACCESS_REVIEWS)
                .version(types.get("V1SelfSubjectAccessReview"))
                .createOnly()
                .build();
    }
}
