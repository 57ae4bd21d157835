package io.navarch.kinds.selfsubjectrulesreview;

import io.navarch.kinds.types.Types;
import io.navarch.schema.KindDefinition;

/// SelfSubjectRulesReview: what may I do here? A question that is answered and not kept.
public final class SelfSubjectRulesReviewKind {
    private SelfSubjectRulesReviewKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("authorization.k8s.io", "SelfSubjectRulesReview", "selfsubjectrulesreviews")
                .version("v1", types.get("V1SelfSubjectRulesReview"))
                .clusterScoped()
                .createOnly();
    }
}
