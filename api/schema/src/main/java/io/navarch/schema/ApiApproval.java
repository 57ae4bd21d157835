package io.navarch.schema;

import io.navarch.objects.GoText;
import java.net.URI;
import java.net.URISyntaxException;

/// Whether a kind in one of Kubernetes' own groups has the project's approval, as its annotation says.
///
/// Source: https://github.com/kubernetes/enhancements/pull/1111
///
/// @param message in the words of the published condition
public record ApiApproval(State state, String message) {
    public static final String ANNOTATION = "api-approved.kubernetes.io";

    private static final String WANTED = "protected groups must have approval annotation \"" + ANNOTATION + "\"";
    private static final String SEE = ", see https://github.com/kubernetes/enhancements/pull/1111";

    /// The four things that the annotation can say, and the reason that a condition gives for each.
    public enum State {
        MISSING("MissingAnnotation"),
        BYPASSED("UnapprovedAnnotation"),
        APPROVED("ApprovedAnnotation"),
        INVALID("InvalidAnnotation");

        private final String reason;

        State(String reason) {
            this.reason = reason;
        }

        public String reason() {
            return reason;
        }
    }

    /// Whether kinds of this group need approval.
    public static boolean guarded(String group) {
        return ("." + group).endsWith(".k8s.io") || ("." + group).endsWith(".kubernetes.io");
    }

    /// @param given the annotation, or `""`
    public static ApiApproval of(String given) {
        if (given.isEmpty()) return new ApiApproval(State.MISSING, WANTED + SEE);
        if (given.startsWith("unapproved"))
            return new ApiApproval(State.BYPASSED, "not approved: " + GoText.quoted(given));
        if (address(given)) return new ApiApproval(State.APPROVED, "approved in " + given);
        return new ApiApproval(
                State.INVALID, WANTED + " with either a URL or a reason starting with \"unapproved\"" + SEE);
    }

    private static boolean address(String given) {
        try {
            var url = new URI(given);
            return url.getScheme() != null && url.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
