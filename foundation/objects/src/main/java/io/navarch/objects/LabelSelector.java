package io.navarch.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /// Reads the text of the `labelSelector` query parameter.
    ///
    /// @throws IllegalArgumentException with the reason when it cannot be parsed
    public static LabelSelector parse(String text) {
        if (text.isBlank()) return EVERYTHING;
        var result = new ArrayList<Requirement>();
        var parts = split(text);
        for (int i = 0; i < parts.size(); i++) {
            var part = parts.get(i).strip();
            var symbol = misplaced(part, i == 0);
            if (symbol.isPresent()) {
                var expected = i == 0 ? "!, identifier, or 'end of string'" : "identifier after ','";
                throw new IllegalArgumentException("found '" + symbol.get() + "', expected: " + expected);
            }
            try {
                result.add(requirement(part));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("unable to parse requirement: " + e.getMessage());
            }
        }
        return new LabelSelector(result);
    }

    /// The symbol that stands where a requirement should begin.
    private static Optional<String> misplaced(String part, boolean first) {
        if (part.isEmpty()) return Optional.of(first ? "," : "");
        return Stream.of("==", "=", "!=", ">", "<", "(", ")")
                .filter(part::startsWith)
                .findFirst();
    }

    private static List<String> split(String text) {
        var parts = new ArrayList<String>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') depth++;
            if (c == ')') depth--;
            if (c == ',' && depth == 0) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static Requirement requirement(String part) {
        if (part.startsWith("!")) return checked(part.substring(1).strip(), Operator.DOES_NOT_EXIST, Set.of());
        for (var symbol : List.of("!=", "==", "=", ">", "<")) {
            int at = part.indexOf(symbol);
            if (at <= 0 || part.contains("(")) continue;
            var operator = switch (symbol) {
                case "!=" -> Operator.NOT_IN;
                case ">" -> Operator.GREATER;
                case "<" -> Operator.LESS;
                default -> Operator.IN;
            };
            return checked(
                    part.substring(0, at).strip(),
                    operator,
                    Set.of(part.substring(at + symbol.length()).strip()));
        }
        var words = part.split("\\s+", 2);
        if (words.length == 1 && !part.contains("(")) return checked(part, Operator.EXISTS, Set.of());
        var rest = words.length == 2 ? words[1].strip() : "";
        boolean not = rest.startsWith("notin");
        if (!not && !rest.startsWith("in")) {
            throw new IllegalArgumentException("found '" + rest + "', expected: in, notin, =, ==, !=, gt, lt");
        }
        var list = rest.substring(not ? 5 : 2).strip();
        if (!list.startsWith("(") || !list.endsWith(")")) {
            throw new IllegalArgumentException("found '" + list + "' expected: '('");
        }
        var values = new TreeSet<String>();
        for (var value : list.substring(1, list.length() - 1).split(",", -1)) values.add(value.strip());
        return checked(words[0], not ? Operator.NOT_IN : Operator.IN, values);
    }

    private static Requirement checked(String key, Operator operator, Set<String> values) {
        Names.qualifiedName(key).forEach(text -> {
            throw new IllegalArgumentException("key: Invalid value: \"" + key + "\": " + text);
        });
        for (var value : values) {
            boolean compared = operator == Operator.GREATER || operator == Operator.LESS;
            if (compared && !value.matches("[-+]?[0-9]{1,18}")) {
                throw new IllegalArgumentException("values[0]: Invalid value: \"" + value
                        + "\": for 'Gt', 'Lt' operators, the value must be an integer");
            }
            Names.labelValue(value).forEach(text -> {
                throw new IllegalArgumentException("values[0][" + key + "]: Invalid value: \"" + value + "\": " + text);
            });
        }
        return new Requirement(key, operator, values);
    }
}
