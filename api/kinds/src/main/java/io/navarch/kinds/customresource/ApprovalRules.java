package io.navarch.kinds.customresource;

import io.navarch.kinds.support.Check;
import io.navarch.model.CustomResourceDefinition;
import io.navarch.objects.View;
import java.net.URI;
import java.net.URISyntaxException;

/// Kinds in Kubernetes' own groups need the project's approval, or must say that they lack it.
final class ApprovalRules {
    private static final String ANNOTATION = "api-approved.kubernetes.io";
    private static final String SEE = ", see https://github.com/kubernetes/enhancements/pull/1111";

    private enum State {
        MISSING,
        BYPASSED,
        APPROVED,
        INVALID
    }

    private ApprovalRules() {}

    static void check(CustomResourceDefinition definition, CustomResourceDefinition old, Check check) {
        if (!guarded(definition.spec().group())) return;
        var given = View.over(definition).annotation(ANNOTATION);
        var state = state(given);
        if (old.exists() && state == state(View.over(old).annotation(ANNOTATION))) return;
        var path = "metadata.annotations[" + ANNOTATION + "]";
        var wanted = "protected groups must have approval annotation \"" + ANNOTATION + "\"";
        if (state == State.MISSING) check.missing(path, wanted + SEE);
        if (state == State.INVALID)
            check.invalid(path, given, wanted + " with either a URL or a reason starting with \"unapproved\"" + SEE);
    }

    private static boolean guarded(String group) {
        return ("." + group).endsWith(".k8s.io") || ("." + group).endsWith(".kubernetes.io");
    }

    private static State state(String given) {
        if (given.isEmpty()) return State.MISSING;
        if (given.startsWith("unapproved")) return State.BYPASSED;
        try {
            var url = new URI(given);
            return url.getScheme() != null && url.getHost() != null ? State.APPROVED : State.INVALID;
        } catch (URISyntaxException e) {
            return State.INVALID;
        }
    }
}
