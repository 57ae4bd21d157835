package io.navarch.kinds.customresource;

import io.navarch.kinds.support.Check;
import io.navarch.model.CustomResourceDefinition;
import io.navarch.objects.View;
import io.navarch.schema.ApiApproval;

/// Kinds in Kubernetes' own groups need the project's approval, or must say that they lack it.
final class ApprovalRules {
    private ApprovalRules() {}

    static void check(CustomResourceDefinition definition, CustomResourceDefinition old, Check check) {
        if (!ApiApproval.guarded(definition.spec().group())) return;
        var given = View.over(definition).annotation(ApiApproval.ANNOTATION);
        var approval = ApiApproval.of(given);
        if (old.exists() && approval.state() == state(old)) return;
        var path = "metadata.annotations[" + ApiApproval.ANNOTATION + "]";
        if (approval.state() == ApiApproval.State.MISSING) check.missing(path, approval.message());
        if (approval.state() == ApiApproval.State.INVALID) check.invalid(path, given, approval.message());
    }

    private static ApiApproval.State state(CustomResourceDefinition definition) {
        return ApiApproval.of(View.over(definition).annotation(ApiApproval.ANNOTATION))
                .state();
    }
}
