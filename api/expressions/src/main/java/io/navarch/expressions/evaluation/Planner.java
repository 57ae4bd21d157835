package io.navarch.expressions.evaluation;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.SimpleType;
import io.navarch.expressions.function.Functions;
import io.navarch.expressions.function.KnownPattern;
import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Bytes;
import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Null;
import io.navarch.expressions.value.TypeName;
import io.navarch.expressions.value.UInt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes steps of a checked expression.
final class Planner {
    private static final Set<String> CONVERSIONS =
            Set.of("bool", "bytes", "double", "duration", "dyn", "int", "string", "timestamp", "type", "uint");
    private static final Set<String> PATTERNS = Set.of("matches", "find", "findAll");

    private final CelAbstractSyntaxTree tree;
    private final Functions functions;

    Planner(CelAbstractSyntaxTree tree, Functions functions) {
        this.tree = tree;
        this.functions = functions;
    }

    Step plan() {
        return plan(tree.getExpr());
    }

    /// A step that counts what it costs to look something up, beside the path that leads there.
    private Step plan(CelExpr expression) {
        var step = bare(expression);
        if (!path(expression)) return step;
        return step instanceof Constant || chosen(expression)
                ? presence(expression) ? new Counted(step, -1) : step
                : presence(expression) ? step : new Counted(step, 1);
    }

    private static boolean presence(CelExpr expression) {
        return expression.getKind() == CelExpr.ExprKind.Kind.SELECT
                && expression.select().testOnly();
    }

    /// Whether this is a variable, or a way that leads from one thing to another.
    private boolean path(CelExpr expression) {
        return switch (expression.getKind()) {
            case IDENT, SELECT -> true;
            case CALL -> index(expression) || expression.call().function().equals("_?_:_");
            default -> false;
        };
    }

    private static boolean index(CelExpr expression) {
        return expression.getKind() == CelExpr.ExprKind.Kind.CALL
                && Set.of("_[_]", "_[?_]", "_?._").contains(expression.call().function());
    }

    /// Whether a way begins at one of two things.
    private boolean chosen(CelExpr expression) {
        if (reference(expression) != null) return false;
        if (expression.getKind() == CelExpr.ExprKind.Kind.SELECT)
            return chosen(expression.select().operand());
        if (index(expression)) return chosen(expression.call().args().getFirst());
        return expression.getKind() == CelExpr.ExprKind.Kind.CALL
                && expression.call().function().equals("_?_:_");
    }

    /// The name of the variable that an identifier, or a text with dots in it, stands for.
    private @Nullable String reference(CelExpr expression) {
        boolean name = expression.getKind() == CelExpr.ExprKind.Kind.IDENT
                || expression.getKind() == CelExpr.ExprKind.Kind.SELECT;
        if (!name) return null;
        return tree.getReference(expression.id())
                .map(reference -> reference.name())
                .orElse(null);
    }

    private Step bare(CelExpr expression) {
        return switch (expression.getKind()) {
            case CONSTANT -> new Constant(value(expression.constant()));
            case IDENT -> variable(expression, expression.ident().name());
            case SELECT -> select(expression);
            case CALL -> call(expression);
            case LIST -> list(expression.list());
            case MAP -> map(expression.map());
            case STRUCT -> structure(expression.struct());
            case COMPREHENSION -> fold(expression.comprehension());
            default -> throw new IllegalArgumentException("unsupported expression: " + expression.getKind());
        };
    }

    private Step variable(CelExpr expression, String name) {
        var type = tree.getType(expression.id()).orElse(SimpleType.DYN);
        var known = reference(expression);
        if (type.kind() == CelKind.TYPE) return new Constant(new TypeName(known == null ? name : known));
        return new Variable(known == null ? name : known);
    }

    private Step select(CelExpr expression) {
        var known = reference(expression);
        if (known != null) return variable(expression, known);
        var select = expression.select();
        // What leads on from a value that was worked out is a way of its own.
        var operand = operand(select.operand());
        return select.testOnly()
                ? new Presence(operand, select.field())
                : new Access(operand, new Constant(select.field()), false);
    }

    private Step operand(CelExpr expression) {
        return path(expression) ? bare(expression) : plan(expression);
    }

    private Step call(CelExpr expression) {
        var call = expression.call();
        var arguments = new ArrayList<CelExpr>();
        call.target().ifPresent(arguments::add);
        arguments.addAll(call.args());
        var reference = tree.getReference(expression.id());
        // Of functions with a dot in their names, what stands before the dot is no argument.
        var name = call.function();
        if (call.target().isPresent() && call.target().get().getKind() == CelExpr.ExprKind.Kind.IDENT) {
            var qualified = call.target().get().ident().name() + "." + name;
            if (tree.getType(call.target().get().id()).isEmpty() && functions.find(qualified) != null) {
                name = qualified;
                arguments.removeFirst();
            }
        }
        var first = arguments.isEmpty() ? null : arguments.getFirst();
        switch (name) {
            case "_&&_", "_||_" -> {
                return logic(name.equals("_||_"), arguments);
            }
            case "_?_:_" -> {
                return new Choice(plan(arguments.get(0)), operand(arguments.get(1)), operand(arguments.get(2)));
            }
            case "_[_]", "_[?_]", "_?._" -> {
                return new Access(operand(arguments.get(0)), operand(arguments.get(1)), !name.equals("_[_]"));
            }
            case "or", "orValue" -> {
                return new Otherwise(plan(arguments.get(0)), plan(arguments.get(1)), name.equals("orValue"));
            }
            default -> {}
        }
        var steps = new ArrayList<>(arguments.stream().map(this::plan).toList());
        var overloads = reference.map(known -> known.overloadIds()).orElse(ImmutableList.of());
        var overload = name.equals("_==_")
                ? "equals"
                : name.equals("_!=_") ? "not_equals" : overloads.size() == 1 ? overloads.getFirst() : "";
        var function = functions.find(name);
        if (function == null) throw new IllegalArgumentException("no such overload: " + name);
        if (PATTERNS.contains(name) && steps.size() > 1) steps.set(1, pattern(name, steps.get(1)));
        var step = new Call(name, overload, function, List.copyOf(steps), name.equals("@not_strictly_false"));
        if (first != null && steps.size() == 1 && steps.getFirst() instanceof Constant && CONVERSIONS.contains(name))
            return known(step.run(nothing()));
        // Whether something is in a list of constants is found out without going through it.
        if (overload.equals("in_list") && steps.get(1) instanceof Constant(List<?> list) && plain(list))
            return list.isEmpty() ? new Constant(false) : new Membership(steps.getFirst(), list);
        return step;
    }

    /// A pattern that is written out is made once. Whoever writes out what is none is told at once, unless it is only
    /// to be matched.
    private static Step pattern(String name, Step step) {
        if (!(step instanceof Constant(String text))) return step;
        try {
            return new Constant(KnownPattern.of(text));
        } catch (PatternSyntaxException e) {
            if (name.equals("matches")) return step;
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /// What a part is worked out with that is always the same.
    private static Frame nothing() {
        return new Frame(Map.of(), Budget.steps());
    }

    private static boolean plain(List<?> list) {
        return list.stream()
                .allMatch(each -> each instanceof String
                        || each instanceof Long
                        || each instanceof Boolean
                        || each instanceof UInt
                        || each instanceof Double
                        || each instanceof Null);
    }

    private static Constant known(Object value) {
        if (value instanceof Failure failure) throw new IllegalArgumentException(failure.message());
        return new Constant(value);
    }

    private Step logic(boolean deciding, List<CelExpr> sides) {
        var step = plan(sides.getFirst());
        for (var side : sides.subList(1, sides.size())) step = new Logic(deciding, step, plan(side));
        return step;
    }

    private Step list(CelExpr.CelList list) {
        var elements = list.elements().stream().map(this::plan).toList();
        var step = new ListLiteral(elements, ImmutableSet.copyOf(list.optionalIndices()));
        return elements.stream().allMatch(Constant.class::isInstance) ? known(step.list(nothing())) : step;
    }

    private Step map(CelExpr.CelMap map) {
        var entries = map.entries().stream()
                .map(entry -> new MapLiteral.Entry(plan(entry.key()), plan(entry.value()), entry.optionalEntry()))
                .toList();
        var step = new MapLiteral(entries, MapLiteral.MAP);
        boolean constant = entries.stream()
                .allMatch(entry -> entry.key() instanceof Constant && entry.value() instanceof Constant);
        return constant ? known(step.map(nothing())) : step;
    }

    private Step structure(CelExpr.CelStruct structure) {
        var entries = structure.entries().stream()
                .map(entry -> new MapLiteral.Entry(
                        new Constant(entry.fieldKey()), plan(entry.value()), entry.optionalEntry()))
                .toList();
        return new MapLiteral(entries, MapLiteral.STRUCTURE);
    }

    private Step fold(CelExpr.CelComprehension fold) {
        return new Fold(
                plan(fold.iterRange()),
                fold.iterVar(),
                fold.iterVar2(),
                fold.accuVar(),
                plan(fold.accuInit()),
                plan(fold.loopCondition()),
                plan(fold.loopStep()),
                plan(fold.result()));
    }

    private static Object value(CelConstant constant) {
        return switch (constant.getKind()) {
            case NULL_VALUE -> Null.NULL;
            case BOOLEAN_VALUE -> constant.booleanValue();
            case INT64_VALUE -> constant.int64Value();
            case UINT64_VALUE -> new UInt(constant.uint64Value().longValue());
            case DOUBLE_VALUE -> constant.doubleValue();
            case STRING_VALUE -> constant.stringValue();
            case BYTES_VALUE -> new Bytes(constant.bytesValue().toByteArray());
            default -> throw new IllegalArgumentException("unsupported constant: " + constant.getKind());
        };
    }
}
