package io.navarch.expressions.estimate;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Estimates what an expression could cost, as Kubernetes does before it takes a rule.
///
/// Source: https://kubernetes.io/docs/reference/using-api/cel/#resource-constraints
public final class Estimate {
    /// The sizes of what is in a list or a map.
    private record Entries(boolean list, Range key, Range value) {
        static @Nullable Entries union(@Nullable Entries one, @Nullable Entries other) {
            return one == null || other == null
                    ? null
                    : new Entries(one.list, one.key.union(other.key), one.value.union(other.value));
        }
    }

    private record Local(
            List<String> path,
            @Nullable Range size,
            @Nullable Entries entries) {}

    private static final Range LIST = Range.of(10);
    private static final Range MAP = Range.of(30);
    private static final Range STRUCTURE = Range.of(40);

    private final CelAbstractSyntaxTree tree;
    private final Sizes sizes;
    private final StandardCosts costs;
    private final Map<Long, List<String>> paths = new HashMap<>();
    private final Map<Long, Range> computed = new HashMap<>();
    private final Map<Long, Entries> computedEntries = new HashMap<>();
    private final Map<String, Deque<Local>> locals = new HashMap<>();

    private Estimate(CelAbstractSyntaxTree tree, Sizes sizes) {
        this.tree = tree;
        this.sizes = sizes;
        costs = new StandardCosts(sizes);
    }

    /// What a checked expression could cost.
    public static Range of(CelAbstractSyntaxTree tree, Sizes sizes) {
        return new Estimate(tree, sizes).cost(tree.getExpr());
    }

    private Range cost(CelExpr expression) {
        return switch (expression.getKind()) {
            case IDENT -> {
                var local = local(expression.ident().name());
                paths.put(
                        expression.id(),
                        local == null ? List.of(expression.ident().name()) : local.path);
                yield Range.ONE;
            }
            case SELECT -> select(expression);
            case CALL -> call(expression);
            case LIST -> list(expression);
            case MAP -> map(expression);
            case STRUCT -> structure(expression);
            case COMPREHENSION -> bound(expression.comprehension()) ? bind(expression) : fold(expression);
            default -> Range.NONE;
        };
    }

    private @Nullable Local local(String name) {
        var stack = locals.get(name);
        return stack == null ? null : stack.peek();
    }

    private void push(String name, Local local) {
        locals.computeIfAbsent(name, any -> new ArrayDeque<>()).push(local);
    }

    private void pop(String name) {
        var stack = locals.get(name);
        if (stack != null) stack.pop();
    }

    private CelType type(CelExpr expression) {
        return tree.getType(expression.id()).orElse(SimpleType.DYN);
    }

    private Range select(CelExpr expression) {
        var select = expression.select();
        // A name with dots in it is a variable as any other.
        var known = tree.getReference(expression.id());
        var cost = known.isPresent() && !select.testOnly() ? Range.ONE : cost(select.operand());
        if (select.testOnly()) return cost;
        var kind = type(select.operand()).kind();
        if (known.isEmpty() && (kind == CelKind.MAP || kind == CelKind.STRUCT || kind == CelKind.TYPE_PARAM))
            cost = cost.plus(Range.ONE);
        paths.put(expression.id(), longer(path(select.operand()), select.field()));
        return cost;
    }

    private static List<String> longer(List<String> path, String name) {
        var longer = new ArrayList<>(path);
        longer.add(name);
        return longer;
    }

    private List<String> path(CelExpr expression) {
        if (expression.getKind() == Kind.IDENT) {
            var local = local(expression.ident().name());
            if (local != null) return local.path;
        }
        return paths.getOrDefault(expression.id(), List.of());
    }

    private Range call(CelExpr expression) {
        var call = expression.call();
        if (call.function().equals("dyn")) {
            var argument = call.args().getFirst();
            var cost = cost(argument).plus(Range.ONE);
            copySizes(expression, argument);
            return cost;
        }
        var arguments = new ArrayList<Argument>();
        var argumentCosts = new ArrayList<Range>();
        for (var argument : call.args()) {
            argumentCosts.add(cost(argument));
            arguments.add(argument(argument));
        }
        var reference = tree.getReference(expression.id());
        if (reference.isEmpty() || reference.get().overloadIds().isEmpty()) return Range.NONE;
        var sum = Range.NONE;
        Argument target = null;
        if (call.target().isPresent()) {
            sum = cost(call.target().get());
            target = argument(call.target().get());
        }
        var all = new Range(Range.ENDLESS, 0);
        Range size = null;
        for (var overload : reference.get().overloadIds()) {
            var one = costs.of(call.function(), overload, target, arguments, argumentCosts);
            all = all.union(one.cost());
            if (one.size() != null) size = size == null ? one.size() : size.union(one.size());
            entries(expression, overload);
            switch (overload) {
                case "index_list", "index_map" -> {
                    var entries = entries(call.args().getFirst());
                    size = entries == null ? null : entries.value;
                    var step = overload.equals("index_list") ? "@items" : "@values";
                    paths.put(expression.id(), longer(path(call.args().getFirst()), step));
                }
                default -> {}
            }
            if (size == null) size = size(expression);
        }
        if (size != null) computed.put(expression.id(), size);
        return sum.plus(all);
    }

    /// What is in a list that is put together of others.
    private void entries(CelExpr expression, String overload) {
        var arguments = expression.call().args();
        var entries = switch (overload) {
            case "conditional" -> Entries.union(entries(arguments.get(1)), entries(arguments.get(2)));
            case "add_string", "add_bytes", "add_list" ->
                Entries.union(entries(arguments.get(0)), entries(arguments.get(1)));
            default -> null;
        };
        if (entries != null) computedEntries.put(expression.id(), entries);
    }

    private Argument argument(CelExpr expression) {
        var path = path(expression);
        // What is accumulated is no variable of anybody's.
        boolean accumulated = !path.isEmpty() && accumulator(path.getFirst());
        return new Argument(accumulated ? List.of() : path, type(expression), expression, size(expression));
    }

    private static boolean accumulator(String name) {
        return name.equals("__result__") || name.equals("@result");
    }

    private Range list(CelExpr expression) {
        var elements = expression.list().elements();
        var sum = Range.NONE;
        var item = new Range(elements.isEmpty() ? 0 : Range.ENDLESS, 0);
        for (var element : elements) {
            sum = sum.plus(cost(element));
            item = item.union(sizeOrUnknown(element));
        }
        computedEntries.put(expression.id(), new Entries(true, Range.ONE, item));
        return sum.plus(LIST);
    }

    private Range map(CelExpr expression) {
        var entries = expression.map().entries();
        var sum = Range.NONE;
        var key = new Range(entries.isEmpty() ? 0 : Range.ENDLESS, 0);
        var value = key;
        for (var entry : entries) {
            sum = sum.plus(cost(entry.key())).plus(cost(entry.value()));
            key = key.union(sizeOrUnknown(entry.key()));
            value = value.union(sizeOrUnknown(entry.value()));
        }
        computedEntries.put(expression.id(), new Entries(false, key, value));
        return sum.plus(MAP);
    }

    private Range structure(CelExpr expression) {
        var sum = Range.NONE;
        for (var entry : expression.struct().entries()) sum = sum.plus(cost(entry.value()));
        return sum.plus(STRUCTURE);
    }

    /// Whether this only gives a value a name.
    private static boolean bound(CelExpr.CelComprehension fold) {
        var range = fold.iterRange();
        var condition = fold.loopCondition();
        return range.getKind() == Kind.LIST
                && range.list().elements().isEmpty()
                && condition.getKind() == Kind.CONSTANT
                && condition.constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE
                && !condition.constant().booleanValue()
                && !fold.accuVar().equals("__result__");
    }

    private Range bind(CelExpr expression) {
        var fold = expression.comprehension();
        var sum = cost(fold.iterRange()).plus(cost(fold.accuInit()));
        named(fold.accuVar(), fold.accuInit());
        sum = sum.plus(cost(fold.result()));
        pop(fold.accuVar());
        copySizes(expression, fold.result());
        return sum;
    }

    private void named(String name, CelExpr value) {
        var path = path(value);
        var entries = entries(value);
        push(name, new Local(path, size(value), entries));
    }

    private Range fold(CelExpr expression) {
        var fold = expression.comprehension();
        var sum = cost(fold.iterRange()).plus(cost(fold.accuInit()));
        named(fold.accuVar(), fold.accuInit());
        var range = fold.iterRange();
        var entries = entries(range);
        boolean list = entries == null ? type(range).kind() == CelKind.LIST : entries.list;
        boolean pairs = !fold.iterVar2().isEmpty();
        var key = entries == null ? null : entries.key;
        var value = entries == null ? null : entries.value;
        var element = new Local(longer(path(range), list ? "@items" : "@values"), value, null);
        if (pairs) {
            push(fold.iterVar(), new Local(longer(path(range), list ? "@indices" : "@keys"), key, null));
            push(fold.iterVar2(), element);
        } else push(fold.iterVar(), list ? element : new Local(longer(path(range), "@keys"), key, null));
        var condition = cost(fold.loopCondition());
        var step = cost(fold.loopStep());
        pop(fold.iterVar());
        if (pairs) pop(fold.iterVar2());
        sum = sum.plus(cost(fold.result()));
        pop(fold.accuVar());
        var count = sizeOrUnknown(range);
        sum = sum.plus(count.times(step.plus(condition)));
        switch (fold.accuInit().getKind()) {
            case CONSTANT -> {
                var size = size(fold.accuInit());
                if (size != null) computed.put(expression.id(), size);
            }
            case LIST, MAP -> {
                computed.put(expression.id(), count);
                var made = entries(fold.loopStep());
                if (made != null) computedEntries.put(expression.id(), made);
            }
            default -> {}
        }
        return sum;
    }

    private void copySizes(CelExpr to, CelExpr from) {
        var size = size(from);
        if (size != null) computed.put(to.id(), size);
        var entries = entries(from);
        if (entries != null) computedEntries.put(to.id(), entries);
    }

    private @Nullable Entries entries(CelExpr expression) {
        var known = computedEntries.get(expression.id());
        if (known != null || expression.getKind() != Kind.IDENT) return known;
        var local = local(expression.ident().name());
        return local == null ? null : local.entries;
    }

    private Range sizeOrUnknown(CelExpr expression) {
        var size = size(expression);
        return size == null ? Range.UNKNOWN : size;
    }

    private @Nullable Range size(CelExpr expression) {
        var known = computed.get(expression.id());
        if (known != null) return known;
        var written = written(expression);
        if (written >= 0) return Range.of(written);
        var path = path(expression);
        if (!path.isEmpty()) {
            var most = sizes.most(path);
            if (most.isPresent()) {
                var size = new Range(0, most.getAsLong());
                computed.put(expression.id(), size);
                return size;
            }
        }
        if (scalar(type(expression))) return Range.ONE;
        if (expression.getKind() != Kind.IDENT) return null;
        var local = local(expression.ident().name());
        return local == null ? null : local.size;
    }

    /// The size of what is written out, or -1.
    private static long written(CelExpr expression) {
        return switch (expression.getKind()) {
            case CONSTANT -> {
                var constant = expression.constant();
                yield switch (constant.getKind()) {
                    case STRING_VALUE ->
                        constant.stringValue()
                                .codePointCount(0, constant.stringValue().length());
                    case BYTES_VALUE -> constant.bytesValue().size();
                    default -> 1;
                };
            }
            case LIST -> expression.list().elements().size();
            case MAP -> expression.map().entries().size();
            default -> -1;
        };
    }

    private static boolean scalar(CelType type) {
        return switch (type.kind()) {
            case BOOL, DOUBLE, DURATION, INT, TIMESTAMP, UINT -> true;
            default ->
                type.name().equals("optional_type")
                        && !type.parameters().isEmpty()
                        && scalar(type.parameters().getFirst());
        };
    }
}
