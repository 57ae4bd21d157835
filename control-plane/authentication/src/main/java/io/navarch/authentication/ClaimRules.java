package io.navarch.authentication;

import io.navarch.expressions.Program;
import io.navarch.schema.admission.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Makes a user of a token's claims, as the configuration says.
///
/// @param required claims that must have this value
/// @param conditions of the claims
/// @param groups none: there is no claim for them
/// @param extra by key
/// @param userConditions of the user that was made
record ClaimRules(
        Map<String, String> required,
        List<Condition> conditions,
        Mapping username,
        Optional<Mapping> groups,
        Optional<Mapping> uid,
        Map<String, Program> extra,
        List<Condition> userConditions) {
    /// Why a token is not taken.
    static final class Refused extends RuntimeException {
        Refused(String message) {
            super("oidc: " + message);
        }
    }

    record Condition(String expression, String message, Program program) {}

    /// From one claim, with something before it, or by an expression.
    record Mapping(String claim, String prefix, Optional<Program> expression) {}

    User user(Map<String, Object> claims) {
        required.forEach((claim, value) -> {
            if (!claims.containsKey(claim)) throw new Refused("required claim " + claim + " not present in ID token");
            if (!value.equals(claims.get(claim)))
                throw new Refused("required claim " + claim + " value does not match. Got = " + claims.get(claim)
                        + ", want = " + value);
        });
        check(conditions, Map.of("claims", claims), "error evaluating claim validation expression: ");
        var user = new User(name(claims), uid(claims), groups(claims), extra(claims));
        check(userConditions, Map.of("user", shown(user)), "error evaluating user info validation rule: ");
        var all = new ArrayList<>(user.groups());
        if (!all.contains(User.AUTHENTICATED)) all.add(User.AUTHENTICATED);
        return new User(user.name(), user.uid(), List.copyOf(all), user.extra());
    }

    private static Map<String, Object> shown(User user) {
        return Map.of("username", user.name(), "uid", user.uid(), "groups", user.groups(), "extra", user.extra());
    }

    private static void check(List<Condition> conditions, Map<String, ?> variables, String during) {
        for (var condition : conditions) {
            var value = value(condition.program, variables, during);
            if (!(value instanceof Boolean holds))
                throw new Refused(during + "validation expression must return a boolean");
            if (!holds)
                throw new Refused(
                        during + "validation expression '" + condition.expression + "' failed: " + condition.message);
        }
    }

    private static @Nullable Object value(Program program, Map<String, ?> variables, String during) {
        try {
            return program.evaluate(variables);
        } catch (Program.EvaluationException e) {
            throw new Refused(during + e.getMessage());
        }
    }

    private String name(Map<String, Object> claims) {
        if (username.expression.isPresent()) {
            var during = "error evaluating username claim expression: ";
            var value = value(username.expression.get(), Map.of("claims", claims), during);
            if (!(value instanceof String name))
                throw new Refused(during + "username claim expression must return a string");
            if (name.isEmpty()) throw new Refused("empty username via CEL expression is not allowed");
            return name;
        }
        var claim = username.claim;
        if (!(claims.get(claim) instanceof String name))
            throw new Refused("parse username claims \"" + claim + "\": claim not present");
        // An address that somebody only claims to have names nobody.
        if (claim.equals("email")
                && claims.containsKey("email_verified")
                && !Boolean.TRUE.equals(claims.get("email_verified"))) throw new Refused("email not verified");
        return username.prefix + name;
    }

    private String uid(Map<String, Object> claims) {
        if (uid.isEmpty()) return "";
        var mapping = uid.get();
        var during = "error evaluating uid claim expression: ";
        Object value = mapping.expression.isPresent()
                ? value(mapping.expression.get(), Map.of("claims", claims), during)
                : claims.get(mapping.claim);
        if (value instanceof String text) return text;
        throw new Refused(
                mapping.expression.isPresent()
                        ? during + "uid claim expression must return a string"
                        : "parse uid claim \"" + mapping.claim + "\": claim not present");
    }

    private List<String> groups(Map<String, Object> claims) {
        if (groups.isEmpty()) return List.of();
        var mapping = groups.get();
        if (mapping.expression.isPresent()) {
            var during = "error evaluating group claim expression: ";
            return texts(value(mapping.expression.get(), Map.of("claims", claims), during), during);
        }
        var value = claims.get(mapping.claim);
        if (value == null) return List.of();
        return texts(value, "parse groups claim \"" + mapping.claim + "\": ").stream()
                .map(group -> mapping.prefix + group)
                .toList();
    }

    private Map<String, List<String>> extra(Map<String, Object> claims) {
        var all = new LinkedHashMap<String, List<String>>();
        extra.forEach((key, program) -> {
            var during = "error evaluating extra claim expression: ";
            var values = texts(value(program, Map.of("claims", claims), during), during);
            if (!values.isEmpty()) all.put(key, values);
        });
        return all;
    }

    /// A text or a list of them; empty ones say nothing.
    private static List<String> texts(@Nullable Object value, String during) {
        if (value instanceof String text) return text.isEmpty() ? List.of() : List.of(text);
        if (!(value instanceof List<?> list)) {
            if (value == null || value.getClass().getSimpleName().contains("NullValue")) return List.of();
            throw new Refused(during + "expression must return a string or a list of strings");
        }
        var texts = new TreeSet<String>();
        var ordered = new ArrayList<String>();
        for (var element : list) {
            if (!(element instanceof String text))
                throw new Refused(during + "expression must return a string or a list of strings");
            if (!text.isEmpty() && texts.add(text)) ordered.add(text);
        }
        return ordered;
    }
}
