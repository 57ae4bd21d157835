package io.navarch.kinds.localsubjectaccessreview;

import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;

/// LocalSubjectAccessReview: may they do this in this namespace? A question that is answered and not kept.
public final class LocalSubjectAccessReviewKind {
    private LocalSubjectAccessReviewKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.LOCAL_SUBJECT_ACCESS_REVIEWS)
                .version(types.get("V1LocalSubjectAccessReview"))
                .createOnly()
                .build();
    }
}
