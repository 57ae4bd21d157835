package io.navarch.apiserver.write;

import io.navarch.apiserver.access.AccessAttributes;
import io.navarch.apiserver.access.EscalationCheck;
import io.navarch.objects.View;
import java.util.Map;

/// Stage: roles and bindings give nobody more than their writer has.
public final class EscalationGuard implements WriteStage {
    private final EscalationCheck check;

    public EscalationGuard(EscalationCheck check) {
        this.check = check;
    }

    @Override
    public Map<String, Object> apply(Write write, Map<String, Object> object) {
        var request = write.request();
        check.check(AccessAttributes.of(request.user(), request.info()), View.of(object), write.old());
        return object;
    }
}
