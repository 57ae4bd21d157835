package io.navarch.admission;

import io.navarch.apiserver.access.AccessAttributes;
import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.access.Selectors;
import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.expressions.function.Authorizer.Decision;
import io.navarch.expressions.function.Authorizer.ResourceCheck;
import io.navarch.schema.admission.User;
import java.util.HashMap;
import java.util.Map;

/// What a user may do, as expressions ask it. What has been decided counts for the whole call.
final class CallerRights implements io.navarch.expressions.function.Authorizer {
    private final Authorizer authorizer;
    private final User user;
    private final Map<AccessAttributes, Decision> known = new HashMap<>();

    CallerRights(Authorizer authorizer, User user) {
        this.authorizer = authorizer;
        this.user = user;
    }

    /// The beginning of a question about what the call itself is about.
    ResourceCheck ofCall(AdmissionCall call) {
        var asked = call.asked();
        return new ResourceCheck(
                this, asked.group(), asked.plural(), call.subresource(), call.namespace(), call.name(), "", "");
    }

    @Override
    public Decision path(String path, String verb) {
        return decide(new AccessAttributes(user, verb, false, "", "", "", "", "", "", path, Selectors.NONE));
    }

    @Override
    public Decision resource(ResourceCheck check, String verb) {
        return decide(new AccessAttributes(
                user,
                verb,
                true,
                check.group(),
                "*",
                check.resource(),
                check.subresource(),
                check.namespace(),
                check.name(),
                "",
                Selectors.parse(check.fieldSelector(), check.labelSelector())));
    }

    private Decision decide(AccessAttributes question) {
        return known.computeIfAbsent(question, each -> {
            var decision = authorizer.authorize(each);
            return new Decision(decision.allowed(), decision.reason(), decision.error());
        });
    }

    @Override
    public io.navarch.expressions.function.Authorizer serviceAccount(String namespace, String name) {
        var account = User.of(
                "system:serviceaccount:" + namespace + ":" + name,
                "system:serviceaccounts",
                "system:serviceaccounts:" + namespace);
        return new CallerRights(authorizer, account);
    }
}
