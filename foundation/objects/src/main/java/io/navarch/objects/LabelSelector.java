package io.navarch.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A conjunction of requirements on labels; the empty conjunction matches everything.
public record LabelSelector(List<Requirement> requirements) {
    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST,
        GREATER,
        LESS
    }

    /// One requirement, as both label selectors and node-selector terms have them.
    public record Requirement(String key, Operator operator, Set<String> values) {
        public boolean matches(Map<String, String> labels) {
            var value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
                case GREATER -> compare(value) > 0;
                case LESS -> compare(value) < 0;
            };
        }

        private int compare(@Nullable String value) {
            try {
                return value == null
                        ? 0
                        : Long.compare(
                                Long.parseLong(value),
                                Long.parseLong(values.iterator().next()));
            } catch (NumberFormatException e) {
                return 0;
            }
        }

        @Override
        public String toString() {
            var joined = String.join(",", values);
            return switch (operator) {
                case IN -> values.size() == 1 ? key + "=" + joined : key + " in (" + joined + ")";
                case NOT_IN -> values.size() == 1 ? key + "!=" + joined : key + " notin (" + joined + ")";
                case EXISTS -> key;
                case DOES_NOT_EXIST -> "!" + key;
                case GREATER -> key + ">" + joined;
                case LESS -> key + "<" + joined;
            };
        }
    }

    public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

    public boolean matches(Map<String, String> labels) {
        for (var requirement : requirements) {
            if (!requirement.matches(labels)) return false;
        }
        return true;
    }

    public boolean isEmpty() {
        return requirements.isEmpty();
    }

    /// The text form, as `status.selector` of Scale has it.
    @Override
    public String toString() {
        return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
    }

    public static LabelSelector ofLabels(Map<String, String> labels) {
        var result = new ArrayList<Requirement>();
        new TreeMap<>(labels).forEach((key, value) -> result.add(new Requirement(key, Operator.IN, Set.of(value))));
        return new LabelSelector(result);
    }

    /// Reads `{matchLabels, matchExpressions}`.
    public static LabelSelector ofObject(Lens object) {
        var selector = View.over(object);
        var result = new ArrayList<>(ofLabels(selector.get("matchLabels").stringMap()).requirements);
        selector.get("matchExpressions").stream().map(LabelSelector::expression).forEach(result::add);
        return new LabelSelector(result);
    }

    /// Reads `{key, operator, values}` of a label selector or a node selector.
    public static Requirement expression(Lens requirement) {
        var expression = View.over(requirement);
        var operator = switch (expression.get("operator").string()) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            case "Gt" -> Operator.GREATER;
            case "Lt" -> Operator.LESS;
            default -> Operator.IN;
        };
        return new Requirement(
                expression.get("key").string(),
                operator,
                new TreeSet<>(expression.get("values").strings()));
    }
}
