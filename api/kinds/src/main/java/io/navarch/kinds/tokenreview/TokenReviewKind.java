package io.navarch.kinds.tokenreview;

import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;

/// TokenReview: whose token is this? A question that is answered and not kept.
public final class TokenReviewKind {
    private TokenReviewKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.TOKEN_REVIEWS)
                .version(types.get("V1TokenReview"))
                .createOnly()
                .build();
    }
}
