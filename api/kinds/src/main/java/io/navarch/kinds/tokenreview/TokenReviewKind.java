package io.navarch.kinds.tokenreview;

import io.navarch.kinds.types.Types;
import io.navarch.schema.KindDefinition;

/// TokenReview: whose token is this? A question that is answered and not kept.
public final class TokenReviewKind {
    private TokenReviewKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("authentication.k8s.io", "TokenReview", "tokenreviews")
                .version("v1", types.get("V1TokenReview"))
                .clusterScoped()
                .createOnly();
    }
}
