package io.navarch.kinds.customresource;

import io.navarch.expressions.estimate.Range;
import io.navarch.kinds.support.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// What the rules of a schema could cost, each by itself and all together.
final class RuleCosts {
    private static final long PER_EXPRESSION = 10_000_000;
    private static final long PER_SCHEMA = 100_000_000;
    private static final int SHOWN = 4;
    private static final double ENORMOUS = 100;
    private static final double NARROW = 1.5;

    /// @param cost a number without a sign
    private record Cost(String path, long cost) {}

    private final Check check;
    private final boolean unchanged;
    private final List<Cost> expensive = new ArrayList<>();
    private long total;

    /// @param unchanged whether the schema was stored before: what rules cost was no matter then
    RuleCosts(Check check, boolean unchanged) {
        this.check = check;
        this.unchanged = unchanged;
    }

    /// @param what is too expensive, if it is
    /// @param cost a number without a sign
    void observe(String what, String path, long cost) {
        if (!unchanged && Long.compareUnsigned(cost, PER_EXPRESSION) > 0)
            check.forbidden(path, message(what, cost, PER_EXPRESSION));
        total = Range.plus(total, cost);
        if (Long.compareUnsigned(cost, PER_SCHEMA / 100) >= 0) expensive.add(new Cost(path, cost));
    }

    /// Tells when all rules together cost too much.
    void total(String path) {
        if (Long.compareUnsigned(total, PER_SCHEMA) <= 0) return;
        expensive.stream()
                .sorted(Comparator.comparing(Cost::cost, Long::compareUnsigned).reversed())
                .limit(SHOWN)
                .forEach(each -> check.forbidden(
                        each.path,
                        "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"));
        check.forbidden(
                path,
                message(
                        "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema",
                        total,
                        PER_SCHEMA));
    }

    private static String message(String what, long cost, long limit) {
        double factor = Range.number(cost) / limit;
        var shown = factor > ENORMOUS
                ? "more than 100x"
                : String.format(Locale.ROOT, factor < NARROW ? "%fx" : "%.1fx", factor);
        return what + " exceeds budget by factor of " + shown + " (try simplifying the rule, or adding maxItems,"
                + " maxProperties, and maxLength where arrays, maps, and strings are declared)";
    }
}
