package io.navarch.apiserver.access;

import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.objects.Trees;
import java.util.List;

/// Refusals in the words of kube-apiserver: who may not do what, where.
public final class Forbidden {
    private Forbidden() {}

    /// @param reason what else is known about it; may be empty
    public static ApiException of(AccessAttributes call, String reason) {
        var message = sanitized(message(call)) + (reason.isEmpty() ? "" : ": " + reason);
        if (!call.resource() || call.kindPlural().isEmpty())
            return new ApiException(ApiException.Reason.FORBIDDEN, "forbidden: " + message, Trees.map());
        return ApiException.forbidden(call.kindPlural(), call.group(), call.name(), message);
    }

    private static String message(AccessAttributes call) {
        var who = "User " + GoText.quoted(call.user().name()) + " cannot " + call.verb();
        if (!call.resource()) return who + " path " + GoText.quoted(call.path());
        var scope = call.namespace().isEmpty()
                ? "at the cluster scope"
                : "in the namespace " + GoText.quoted(call.namespace());
        return who + " resource " + GoText.quoted(call.qualifiedResource()) + " in API group "
                + GoText.quoted(call.group()) + " " + scope;
    }

    /// Names come from the caller: what is shown in a browser by mistake is no page.
    public static String sanitized(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /// Several errors as one: each once, in brackets when there are more.
    public static String joined(List<String> errors) {
        var distinct = errors.stream().distinct().toList();
        return distinct.size() == 1
                ? distinct.getFirst()
                : distinct.isEmpty() ? "" : "[" + String.join(", ", distinct) + "]";
    }
}
