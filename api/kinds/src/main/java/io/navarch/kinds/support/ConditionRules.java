package io.navarch.kinds.support;

import io.navarch.model.Condition;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Enumeration;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/// What conditions of the common type must be. Some kinds check nothing of theirs.
public final class ConditionRules {
    private static final int LONGEST_REASON = 1 << 10;
    private static final int LONGEST_MESSAGE = 32 << 10;
    private static final Pattern REASON = Pattern.compile("[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?");

    private ConditionRules() {}

    public static void check(List<Condition> conditions, String path, Check check) {
        var seen = new HashSet<String>();
        Check.each(conditions, path, (condition, at) -> {
            if (!seen.add(condition.type())) check.duplicate(at + ".type", condition.type());
            condition(condition, at, check);
        });
    }

    private static void condition(Condition condition, String at, Check check) {
        check.name(condition.type(), at + ".type", Names.qualifiedName(condition.type()));
        if (!condition.status().known())
            check.notSupported(
                    at + ".status",
                    condition.raw(Condition.STATUS).string(),
                    Enumeration.texts(ConditionStatus.values()));
        if (condition.observedGeneration() < 0)
            check.invalid(
                    at + ".observedGeneration",
                    condition.observedGeneration(),
                    "must be greater than or equal to zero");
        if (condition.lastTransitionTime().isEmpty()) check.add(FieldError.required(at + ".lastTransitionTime"));
        var reason = condition.reason();
        if (check.required(reason, at + ".reason") && !REASON.matcher(reason).matches())
            check.invalid(
                    at + ".reason",
                    reason,
                    "a condition reason must start with alphabetic character, optionally followed by a string of"
                            + " alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'"
                            + " (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or"
                            + " 'ReasonA:ReasonB', regex used for validation is"
                            + " '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')");
        check.longest(reason, at + ".reason", LONGEST_REASON);
        check.longest(condition.message(), at + ".message", LONGEST_MESSAGE);
    }
}
