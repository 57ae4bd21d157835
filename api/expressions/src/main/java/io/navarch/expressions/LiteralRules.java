package io.navarch.expressions;

import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.navarch.expressions.function.Conversions;
import io.navarch.objects.GoDuration;
import io.navarch.schema.types.GoPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What can be said of what is written out in an expression, beside its types: times, patterns, what is put
/// together in a list.
final class LiteralRules {
    private final CelAbstractSyntaxTree tree;
    private final List<CelIssue> issues = new ArrayList<>();

    private LiteralRules(CelAbstractSyntaxTree tree) {
        this.tree = tree;
    }

    static List<CelIssue> check(CelAbstractSyntaxTree tree) {
        var rules = new LiteralRules(tree);
        var nodes = CelNavigableAst.fromAst(tree).getRoot().allNodes().toList();
        rules.argument(nodes, "duration", LiteralRules::duration);
        rules.argument(nodes, "timestamp", text -> Conversions.parsed(text) != null);
        rules.argument(nodes, "matches", LiteralRules::pattern);
        for (var node : nodes)
            if (node.getKind() == Kind.LIST && !exempt(node))
                rules.list(node.expr().list());
        for (var node : nodes)
            if (node.getKind() == Kind.MAP && !exempt(node))
                rules.map(node.expr().map());
        for (var node : nodes) if (node.getKind() == Kind.CALL) rules.format(node.expr());
        return rules.issues;
    }

    private void argument(List<CelNavigableExpr> nodes, String function, Predicate<String> right) {
        for (var node : nodes) {
            if (node.getKind() != Kind.CALL) continue;
            var call = node.expr().call();
            if (!call.function().equals(function) || call.args().isEmpty()) continue;
            var argument = call.args().getFirst();
            if (text(argument).filter(right.negate()).isPresent())
                error(argument.id(), "invalid " + function + " argument");
        }
    }

    private static Optional<String> text(CelExpr expression) {
        return expression.getKind() == Kind.CONSTANT && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? Optional.of(expression.constant().stringValue())
                : Optional.empty();
    }

    private static boolean duration(String text) {
        try {
            GoDuration.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean pattern(String text) {
        try {
            var ignored = GoPattern.compile(text);
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    /// What is filled into a text may be of any types.
    private static boolean exempt(CelNavigableExpr node) {
        for (var parent = node.parent();
                parent.isPresent();
                parent = parent.get().parent())
            if (parent.get().getKind() == Kind.CALL
                    && parent.get().expr().call().function().equals("format")) return true;
        return false;
    }

    private CelType type(CelExpr expression) {
        return tree.getType(expression.id()).orElse(SimpleType.DYN);
    }

    private CelType type(CelExpr expression, boolean optional) {
        var type = type(expression);
        return optional && !type.parameters().isEmpty() ? type.parameters().getFirst() : type;
    }

    private void list(CelExpr.CelList list) {
        for (int i = 1; i < list.elements().size(); i++) {
            var first = type(list.elements().getFirst(), list.optionalIndices().contains(0));
            var other = type(list.elements().get(i), list.optionalIndices().contains(i));
            if (differ(list.elements().get(i), first, other)) return;
        }
    }

    private void map(CelExpr.CelMap map) {
        if (map.entries().isEmpty()) return;
        var first = map.entries().getFirst();
        for (var entry : map.entries()) {
            differ(entry.key(), type(first.key()), type(entry.key()));
            differ(
                    entry.value(),
                    type(first.value(), first.optionalEntry()),
                    type(entry.value(), entry.optionalEntry()));
        }
    }

    private boolean differ(CelExpr expression, CelType wanted, CelType type) {
        var expected = Types.shown(wanted);
        var found = Types.shown(type);
        if (expected.equals(found)) return false;
        error(expression.id(), "expected type '" + expected + "' but found '" + found + "'");
        return true;
    }

    private void format(CelExpr expression) {
        var call = expression.call();
        if (!call.function().equals("format")
                || call.target().isEmpty()
                || call.args().size() != 1) return;
        var arguments = call.args().getFirst();
        var format = text(call.target().get());
        if (format.isEmpty() || arguments.getKind() != Kind.LIST) return;
        var elements = arguments.list().elements();
        var check =
                new FormatCheck(format.get(), elements.stream().map(this::type).toList());
        check.wrong()
                .ifPresent(wrong -> error(
                        wrong.argument() < 0
                                ? expression.id()
                                : elements.get(wrong.argument()).id(),
                        wrong.message()));
    }

    private void error(long id, String message) {
        var source = tree.getSource();
        var location = Optional.ofNullable(source.getPositionsMap().get(id))
                .flatMap(source::getOffsetLocation)
                .orElse(CelSourceLocation.of(1, 0));
        issues.add(CelIssue.formatError(location, message));
    }
}
