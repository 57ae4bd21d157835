package io.navarch.expressions.evaluation;

import io.navarch.expressions.function.Function;
import io.navarch.expressions.value.Bytes;
import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// A call of a function with all its arguments.
///
/// @param overload which of the function's forms is called, or `""` when that depends on the arguments
/// @param lenient whether it takes failures as arguments
record Call(String name, String overload, Function function, List<Step> arguments, boolean lenient) implements Step {
    private static final String ORDERED =
            "bool int uint double string bytes google.protobuf.Timestamp google.protobuf.Duration";

    /// Of each operator, the types that have it; these refuse what is on the other side in words of their own.
    private static final Map<String, Set<String>> OPERATORS = Map.ofEntries(
            operator("_+_", "int uint double string bytes list google.protobuf.Timestamp google.protobuf.Duration"),
            operator("_-_", "int uint double google.protobuf.Timestamp google.protobuf.Duration"),
            operator("_*_", "int uint double"),
            operator("_/_", "int uint double"),
            operator("_%_", "int uint"),
            operator("-_", ""),
            operator("!_", ""),
            operator("_<_", ORDERED),
            operator("_<=_", ORDERED),
            operator("_>_", ORDERED),
            operator("_>=_", ORDERED));

    /// What takes as long as many other calls, however short its arguments are.
    private static final Set<String> SLOW =
            Set.of(("check cidr double duration find findAll format getDate getDayOfMonth getDayOfWeek getDayOfYear"
                            + " getFullYear getHours getMilliseconds getMinutes getMonth getSeconds ip ip.isCanonical"
                            + " isCIDR isIP isQuantity isSemver isURL matches quantity semver string timestamp url"
                            + " validate containsIP containsCIDR masked fieldSelector labelSelector add sub")
                    .split(" "));

    private static final int STEPS_OF_SLOW = 20;

    /// Some of these find out by an exception that a text is not what they read, below as many calls as there are.
    private static final int STEPS_OF_FAILED = 50;

    /// So many times as long as others they look at a text.
    private static final int LOOKS_OF_SLOW = 4;

    private static Map.Entry<String, Set<String>> operator(String name, String types) {
        return Map.entry(name, Set.of(types.split(" ")));
    }

    @Override
    public Object run(Frame frame) {
        var values = new Object[arguments.size()];
        Failure failure = null;
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments.get(i).run(frame);
            if (lenient || failure != null || !(values[i] instanceof Failure wrong)) continue;
            failure = wrong;
            // Of three arguments, Go does not look at what follows one that fails, nor does it count the call.
            if (values.length > 2) return failure;
        }
        if (failure == null) look(values, frame);
        var result = failure == null ? result(values, frame) : failure;
        if (failure == null && result instanceof Failure && SLOW.contains(name)) frame.budget.steps(STEPS_OF_FAILED);
        frame.budget.spend(Costs.of(name, overload, values, result, frame.budget));
        return result;
    }

    /// Whatever a function does, it looks at its arguments.
    private void look(Object[] values, Frame frame) {
        boolean slow = SLOW.contains(name);
        frame.budget.steps(slow ? STEPS_OF_SLOW : 1);
        int looks = slow ? LOOKS_OF_SLOW : 1;
        for (var value : values) {
            if (value instanceof String text) frame.budget.reads((long) text.length() * looks);
            else if (value instanceof Bytes bytes) frame.budget.reads((long) bytes.size() * looks);
        }
    }

    private Object result(Object[] values, Frame frame) {
        var result = function.call(values, frame.budget);
        if (result != null) return result;
        if (OPERATORS.containsKey(name))
            return OPERATORS.get(name).contains(Values.type(values[0]))
                    ? Failure.NO_OVERLOAD
                    : new Failure("no such overload: " + name);
        var types = Arrays.stream(values).map(Values::type).collect(Collectors.joining(", "));
        return new Failure("no such overload: " + name + "(" + types + ")");
    }
}
