package io.navarch.kinds.selfsubjectreview;

import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;

/// SelfSubjectReview: who am I? A question that is answered and not kept.
public final class SelfSubjectReviewKind {
    private SelfSubjectReviewKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.SELF_SUBJECT_REVIEWS)
                .version(types.get("V1SelfSubjectReview"))
                .createOnly()
                .build();
    }
}
