package io.navarch.kinds.review;

import io.navarch.kinds.types.Types;
import io.navarch.schema.KindDefinition;

/// Questions about who one is and what one may do: they are created, answered and not kept.
public final class ReviewKinds {
    private ReviewKinds() {}

    public static KindDefinition tokenReview(Types types) {
        return review("authentication.k8s.io", "TokenReview", types);
    }

    public static KindDefinition selfSubjectReview(Types types) {
        return review("authentication.k8s.io", "SelfSubjectReview", types);
    }

    public static KindDefinition subjectAccessReview(Types types) {
        return review("authorization.k8s.io", "SubjectAccessReview", types);
    }

    public static KindDefinition selfSubjectAccessReview(Types types) {
        return review("authorization.k8s.io", "SelfSubjectAccessReview", types);
    }

    public static KindDefinition selfSubjectRulesReview(Types types) {
        return review("authorization.k8s.io", "SelfSubjectRulesReview", types);
    }

    public static KindDefinition localSubjectAccessReview(Types types) {
        return namespaced("authorization.k8s.io", "LocalSubjectAccessReview", types);
    }

    private static KindDefinition namespaced(String group, String kind, Types types) {
        var plural = kind.toLowerCase(java.util.Locale.ROOT) + "s";
        return KindDefinition.of(group, kind, plural)
                .version("v1", types.get("V1" + kind))
                .createOnly();
    }

    private static KindDefinition review(String group, String kind, Types types) {
        return namespaced(group, kind, types).clusterScoped();
    }
}
