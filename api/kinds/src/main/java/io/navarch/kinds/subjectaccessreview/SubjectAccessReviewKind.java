package io.navarch.kinds.subjectaccessreview;

import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;

/// SubjectAccessReview: may they do this? A question that is answered and not kept.
public final class SubjectAccessReviewKind {
    private SubjectAccessReviewKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.SUBJECT_ACCESS_REVIEWS)
                .version(types.get("V1SubjectAccessReview"))
                .createOnly()
                .build();
    }
}
