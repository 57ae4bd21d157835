package io.navarch.expressions.estimate;

import io.navarch.expressions.estimate.CallCosts.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What calls could cost, with what their arguments cost.
final class StandardCosts {
    private static final double PER_SIGN = 0.1;
    private static final double PER_SIGN_OF_PATTERN = 0.25;

    private final CallCosts added;

    StandardCosts(Sizes sizes) {
        added = new CallCosts(sizes);
    }

    Call of(
            String function,
            String overload,
            @Nullable Argument target,
            List<Argument> arguments,
            List<Range> argumentCosts) {
        var sum = argumentCosts.stream().reduce(Range.NONE, Range::plus);
        switch (overload) {
            case "logical_or", "logical_and" -> {
                var one = argumentCosts.get(0);
                return Call.of(
                        new Range(one.least(), one.plus(argumentCosts.get(1)).most()));
            }
            case "conditional" -> {
                var either = argumentCosts.get(1).union(argumentCosts.get(2));
                var size =
                        arguments.get(1).sizeOrUnknown().union(arguments.get(2).sizeOrUnknown());
                return new Call(argumentCosts.get(0).plus(either), size);
            }
            default -> {}
        }
        var call =
                added.of(function, overload, target, arguments).orElseGet(() -> standard(overload, target, arguments));
        return new Call(call.cost().plus(sum), call.size());
    }

    private static Call standard(String overload, @Nullable Argument target, List<Argument> arguments) {
        if (overload.startsWith("string_format_") && target != null)
            return Call.of(target.sizeOrUnknown().times(PER_SIGN));
        return switch (overload) {
            case "string_to_bytes" -> {
                var size = arguments.getFirst().sizeOrUnknown();
                yield new Call(size.times(PER_SIGN), new Range(size.least(), size.most() * 4));
            }
            case "bytes_to_string" -> {
                var size = arguments.getFirst().sizeOrUnknown();
                yield new Call(size.times(PER_SIGN), new Range(size.least() / 4, size.most()));
            }
            case "strings_quote" -> {
                var size = arguments.getFirst().sizeOrUnknown();
                yield new Call(size.times(PER_SIGN), new Range(size.least() + 2, size.most() * 2 + 2));
            }
            case "starts_with_string", "ends_with_string" ->
                Call.of(arguments.getFirst().sizeOrUnknown().times(PER_SIGN));
            case "in_list" -> Call.of(arguments.get(1).sizeOrUnknown().times(1.0));
            case "matches_string" -> target == null ? Call.of(Range.ONE) : matches(target, arguments.getFirst());
            case "contains_string" ->
                target == null
                        ? Call.of(Range.ONE)
                        : Call.of(target.sizeOrUnknown()
                                .times(PER_SIGN)
                                .times(arguments.getFirst().sizeOrUnknown().times(PER_SIGN)));
            case "add_string", "add_bytes" -> {
                var size =
                        arguments.get(0).sizeOrUnknown().plus(arguments.get(1).sizeOrUnknown());
                yield new Call(size.times(PER_SIGN), size);
            }
            case "add_list" ->
                new Call(
                        Range.ONE,
                        arguments.get(0).sizeOrUnknown().plus(arguments.get(1).sizeOrUnknown()));
            case "less_string",
                    "greater_string",
                    "less_equals_string",
                    "greater_equals_string",
                    "less_bytes",
                    "greater_bytes",
                    "less_equals_bytes",
                    "greater_equals_bytes",
                    "equals",
                    "not_equals" -> {
                long most = Range.min(
                        arguments.get(0).sizeOrUnknown().most(),
                        arguments.get(1).sizeOrUnknown().most());
                yield Call.of(new Range(most == 0 ? 0 : 1, most).times(PER_SIGN));
            }
            default -> Call.of(Range.ONE);
        };
    }

    private static Call matches(Argument target, Argument pattern) {
        var text = target.sizeOrUnknown().plus(Range.ONE).times(PER_SIGN);
        return Call.of(text.times(pattern.sizeOrUnknown().times(PER_SIGN_OF_PATTERN)));
    }
}
