package io.navarch.kinds.selfsubjectrulesreview;

import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;

/// SelfSubjectRulesReview: what may I do here? A question that is answered and not kept.
public final class SelfSubjectRulesReviewKind {
    private SelfSubjectRulesReviewKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.SELF_SUBJECT_RULES_REVIEWS)
                .version(types.get("V1SelfSubjectRulesReview"))
                .createOnly()
                .build();
    }
}
