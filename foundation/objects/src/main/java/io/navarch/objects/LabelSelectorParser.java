package io.navarch.objects;

import io.navarch.objects.LabelSelector.Operator;
import io.navarch.objects.LabelSelector.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Reads label selectors as text (`a=b,c in (d,e),!f`) and says what is wrong with them where a client expects it.
public final class LabelSelectorParser {
    private static final String SYMBOLS = "=!(),><";
    private static final Set<String> OPERATORS = Set.of("=", "==", "!=", ">", "<", "in", "notin");

    /// The words and symbols; `""` is the end.
    private final List<String> tokens = new ArrayList<>();
    private int at;

    private LabelSelectorParser(String text) {
        scan(text);
    }

    /// Reads the text of the `labelSelector` query parameter.
    ///
    /// @throws IllegalArgumentException with the reason when the text is no selector
    public static LabelSelector parse(String text) {
        if (text.isBlank()) return LabelSelector.EVERYTHING;
        return new LabelSelector(new LabelSelectorParser(text).requirements());
    }

    private void scan(String text) {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int start = i;
            if (" \t\r\n".indexOf(c) >= 0) {
                i++;
            } else if (SYMBOLS.indexOf(c) >= 0) {
                boolean two = text.startsWith("==", i) || text.startsWith("!=", i);
                i += two ? 2 : 1;
                tokens.add(text.substring(start, i));
            } else {
                while (i < text.length() && (SYMBOLS + " \t\r\n").indexOf(text.charAt(i)) < 0) i++;
                tokens.add(text.substring(start, i));
            }
        }
        tokens.add("");
    }

    private String peek() {
        return tokens.get(Math.min(at, tokens.size() - 1));
    }

    private String take() {
        var token = peek();
        at++;
        return token;
    }

    private static boolean identifier(String token) {
        return !token.isEmpty() && SYMBOLS.indexOf(token.charAt(0)) < 0;
    }

    private static boolean begins(String token) {
        return identifier(token) || token.equals("!");
    }

    private static IllegalArgumentException found(String token, String expected) {
        return new IllegalArgumentException("found '" + token + "', expected: " + expected);
    }

    private List<Requirement> requirements() {
        var result = new ArrayList<Requirement>();
        while (!peek().isEmpty()) {
            if (!begins(peek())) throw found(peek(), "!, identifier, or 'end of string'");
            try {
                result.add(requirement());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("unable to parse requirement: " + e.getMessage());
            }
            var next = take();
            if (next.isEmpty()) break;
            if (!next.equals(",")) throw found(next, "',' or 'end of string'");
            if (!begins(peek())) throw found(peek(), "identifier after ','");
        }
        return result;
    }

    private Requirement requirement() {
        var key = take();
        boolean not = key.equals("!");
        if (not) key = take();
        if (!identifier(key)) throw found(key, "identifier");
        checkKey(key);
        if (not) return new Requirement(key, Operator.DOES_NOT_EXIST, Set.of());
        if (peek().isEmpty() || peek().equals(",")) return new Requirement(key, Operator.EXISTS, Set.of());
        var symbol = take();
        if (!OPERATORS.contains(symbol)) throw found(symbol, "in, notin, =, ==, !=, gt, lt");
        var operator = switch (symbol) {
            case "!=", "notin" -> Operator.NOT_IN;
            case ">" -> Operator.GREATER;
            case "<" -> Operator.LESS;
            default -> Operator.IN;
        };
        return checked(key, operator, identifier(symbol) ? values() : value());
    }

    private Set<String> value() {
        if (peek().isEmpty() || peek().equals(",")) return Set.of("");
        var value = take();
        if (!identifier(value)) throw found(value, "identifier");
        return Set.of(value);
    }

    private Set<String> values() {
        var open = take();
        if (!open.equals("(")) throw new IllegalArgumentException("found '" + open + "' expected: '('");
        var values = new TreeSet<String>();
        if (!identifier(peek()) && !peek().equals(",") && !peek().equals(")"))
            throw found(peek(), "',', ')' or identifier");
        boolean wanted = true;
        while (true) {
            var token = take();
            if (identifier(token)) {
                values.add(token);
                wanted = false;
                if (!peek().equals(",") && !peek().equals(")")) throw found(peek(), "',' or ')'");
            } else if (token.equals(",") || token.equals(")")) {
                // Between two marks there is the empty value.
                if (wanted) values.add("");
                if (token.equals(")")) return values;
                wanted = true;
            } else {
                throw found(token, "',', or identifier");
            }
        }
    }

    private static void checkKey(String key) {
        var wrong = Names.qualifiedName(key);
        if (!wrong.isEmpty()) throw invalid("<nil>", key, wrong);
    }

    private static IllegalArgumentException invalid(String path, String value, List<String> wrong) {
        return new IllegalArgumentException(
                path + ": Invalid value: " + GoText.quoted(value) + ": " + String.join("; ", wrong));
    }

    private static Requirement checked(String key, Operator operator, Set<String> values) {
        boolean compared = operator == Operator.GREATER || operator == Operator.LESS;
        int i = 0;
        for (var value : values) {
            var path = "values[" + i++ + "]";
            if (compared && !value.matches("[-+]?[0-9]{1,18}"))
                throw invalid(path, value, List.of("for 'Gt', 'Lt' operators, the value must be an integer"));
            var wrong = Names.labelValue(value);
            if (!wrong.isEmpty()) throw invalid(path + "[" + key + "]", value, wrong);
        }
        return new Requirement(key, operator, values);
    }
}
