package io.navarch.comparison.loops;

import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// What a scenario waits for: `RESOURCE NAME TEST…`, where the name may also be a selector of labels or `*`.
///
/// Tests are fields such as `status.phase=Running` or `condition.Ready=True`. All named objects must pass them
/// and there must be one; with `count=3` just so many must pass, with `some` at least one; `gone` is `count=0`.
///
/// @param count how many objects pass; empty for all
record Expectation(String text, String resource, String who, List<Test> tests, OptionalInt count, boolean some) {
    record Test(String field, String value) {
        boolean passes(View object) {
            var actual = field.startsWith("condition.")
                    ? object.condition(field.substring("condition.".length()))
                    : object.path(field).text();
            return actual.equals(value);
        }
    }

    static Expectation of(String text) {
        var words = List.of(text.split(" "));
        var tests = new ArrayList<Test>();
        var count = OptionalInt.empty();
        boolean some = false;
        for (var word : words.subList(2, words.size())) {
            if (word.equals("gone")) count = OptionalInt.of(0);
            else if (word.equals("some")) some = true;
            else if (word.startsWith("count=")) count = OptionalInt.of(Integer.parseInt(word.substring(6)));
            else {
                int equals = word.indexOf('=');
                tests.add(new Test(word.substring(0, equals), word.substring(equals + 1)));
            }
        }
        return new Expectation(text, words.get(0), words.get(1), tests, count, some);
    }

    /// What is asked for behind the collection's address.
    static String query(String who) {
        if (who.equals("*")) return "";
        var selector = who.contains("=") ? "labelSelector=" + who : "fieldSelector=metadata.name=" + who;
        return "?" + selector.replace(",", "%2C");
    }

    boolean met(List<View> objects) {
        long passing = objects.stream()
                .filter(object -> tests.stream().allMatch(test -> test.passes(object)))
                .count();
        if (count.isPresent()) return passing == count.getAsInt();
        return passing > 0 && (some || passing == objects.size());
    }
}
