package io.navarch.comparison;

import io.navarch.comparison.Difference.Sort;
import io.navarch.objects.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds what differs between two answers to the same call.
public final class Comparison {
    /// More places than these say no more.
    private static final int PLACES = 12;
    private static final int LONGEST = 400;

    private final List<String> places = new ArrayList<>();

    private Comparison() {}

    public static Optional<Difference> of(Call call, Answer ours, Answer theirs) {
        if (ours.missing() || theirs.missing()) return noAnswer(call, ours, theirs);
        if (ours.accepted() != theirs.accepted()) {
            var refusal = ours.accepted() ? theirs : ours;
            var sort = ours.accepted() ? Sort.TOO_LAX : Sort.TOO_STRICT;
            return Optional.of(new Difference(call, sort, refusal(refusal)));
        }
        if (!ours.accepted()) return refused(call, ours, theirs);
        var comparison = new Comparison();
        comparison.compare("", Normal.of(ours.body()), Normal.of(theirs.body()));
        if (!comparison.places.isEmpty()) return Optional.of(new Difference(call, Sort.BODY, comparison.places));
        return rest(call, ours, theirs);
    }

    /// Where two trees differ, ours first.
    public static List<String> places(@Nullable Object ours, @Nullable Object theirs) {
        var comparison = new Comparison();
        comparison.compare("", ours, theirs);
        return comparison.places;
    }

    private static Optional<Difference> noAnswer(Call call, Answer ours, Answer theirs) {
        return ours.missing() && theirs.missing()
                ? Optional.empty()
                : Optional.of(new Difference(call, Sort.NO_ANSWER, lines("answer", text(ours), text(theirs))));
    }

    private static String text(Answer answer) {
        return answer.missing() ? "none: " + answer.body() : String.valueOf(answer.status());
    }

    private static Optional<Difference> refused(Call call, Answer ours, Answer theirs) {
        boolean sameCode = ours.status() == theirs.status() && reason(ours).equals(reason(theirs));
        if (!sameCode) {
            var places = new ArrayList<String>();
            places.addAll(prefixed("ours ", refusal(ours)));
            places.addAll(prefixed("original ", refusal(theirs)));
            return Optional.of(new Difference(call, Sort.CODE, places));
        }
        var comparison = new Comparison();
        var one = causes(ours);
        var other = causes(theirs);
        if (!one.isEmpty() && !other.isEmpty()) comparison.causes(one, other);
        boolean sameInOtherOrder = !one.equals(other)
                && one.stream().sorted().toList().equals(other.stream().sorted().toList());
        // A message lists the causes.
        if (comparison.places.isEmpty() && !sameInOtherOrder)
            comparison.compare("", Normal.of(ours.body()), Normal.of(theirs.body()));
        if (!comparison.places.isEmpty()) return Optional.of(new Difference(call, Sort.MESSAGE, comparison.places));
        return rest(call, ours, theirs);
    }

    /// Causes in whatever order.
    private void causes(List<String> ours, List<String> theirs) {
        for (var cause : new LinkedHashSet<>(ours)) if (!theirs.contains(cause)) places.add("ours only: " + cut(cause));
        for (var cause : new LinkedHashSet<>(theirs))
            if (!ours.contains(cause)) places.add("original only: " + cut(cause));
    }

    private static Optional<Difference> rest(Call call, Answer ours, Answer theirs) {
        if (!ours.warnings().equals(theirs.warnings()))
            return Optional.of(new Difference(
                    call,
                    Sort.WARNING,
                    lines(
                            "warnings",
                            ours.warnings().toString(),
                            theirs.warnings().toString())));
        if (!ours.headers().equals(theirs.headers()))
            return Optional.of(new Difference(
                    call,
                    Sort.HEADER,
                    lines("headers", ours.headers().toString(), theirs.headers().toString())));
        return Optional.empty();
    }

    private static List<String> lines(String what, String ours, String theirs) {
        return List.of(what + ": " + cut(ours) + " | " + cut(theirs));
    }

    private static List<String> prefixed(String prefix, List<String> lines) {
        return lines.stream().map(line -> prefix + line).toList();
    }

    private static String reason(Answer answer) {
        return answer.object().get("reason").string();
    }

    static List<String> causes(Answer answer) {
        return answer.object().get("details").get("causes").views().stream()
                .map(cause -> cause.get("field").string() + ": "
                        + cause.get("message").string() + " ("
                        + cause.get("reason").string() + ")")
                .map(Normal::text)
                .toList();
    }

    /// A refusal as lines: its causes, or else its message.
    private static List<String> refusal(Answer answer) {
        var causes = causes(answer);
        var head = answer.status() + " " + reason(answer) + " ";
        if (!causes.isEmpty())
            return causes.stream().limit(PLACES).map(cause -> head + cut(cause)).toList();
        var message = answer.object().get("message").string();
        return List.of(head + cut(message.isEmpty() ? String.valueOf(answer.body()) : Normal.text(message)));
    }

    private void compare(String path, @Nullable Object ours, @Nullable Object theirs) {
        if (places.size() >= PLACES || Objects.equals(ours, theirs)) return;
        if (ours instanceof Map<?, ?> one && theirs instanceof Map<?, ?> other) {
            var keys = new LinkedHashSet<Object>(one.keySet());
            keys.addAll(other.keySet());
            for (var key : keys) {
                var at = path + "." + key;
                if (!one.containsKey(key)) add(at, "absent", text(other.get(key)));
                else if (!other.containsKey(key)) add(at, text(one.get(key)), "absent");
                else compare(at, one.get(key), other.get(key));
            }
        } else if (ours instanceof List<?> one && theirs instanceof List<?> other && one.size() == other.size()) {
            for (int i = 0; i < one.size(); i++) compare(path + "[" + i + "]", one.get(i), other.get(i));
        } else {
            add(path, text(ours), text(theirs));
        }
    }

    private void add(String path, String ours, String theirs) {
        if (places.size() < PLACES) places.add(path + ": " + cut(ours) + " | " + cut(theirs));
    }

    private static String text(@Nullable Object value) {
        return Json.writeString(value);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
