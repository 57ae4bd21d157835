package io.navarch.apiserver.custom;

import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The simple JSON paths of printer columns and selectable fields: `.a.b`, `[0]`, `[*]`, `['x.y']`,
/// `[?(@.type=="Ready")]`.
final class JsonPath {
    private static final Pattern STEP = Pattern.compile(
            "\\.([A-Za-z0-9_\\-]+|\\*)|\\[(\\d+)]|\\[(\\*)]|\\['([^']+)']|\\[\\?\\(@\\.([A-Za-z0-9_.]+)\\s*==\\s*[\"']([^\"']*)[\"']\\)]|\\.([A-Za-z0-9_\\\\./\\-]+)");

    private JsonPath() {}

    /// All values that the path leads to, without `null`s.
    public static List<Object> read(View object, String path) {
        var here = List.of(object);
        var matcher = STEP.matcher(path);
        int at = 0;
        while (at < path.length()) {
            if (!matcher.region(at, path.length()).lookingAt()) return List.of();
            here = step(here, matcher);
            at = matcher.end();
        }
        return here.stream().map(View::value).filter(Objects::nonNull).toList();
    }

    private static List<View> step(List<View> here, Matcher step) {
        var next = new ArrayList<View>();
        for (var view : here) {
            if (step.group(1) != null && !step.group(1).equals("*")) next.add(view.get(step.group(1)));
            else if (step.group(2) != null) next.add(element(view, step.group(2)));
            else if (step.group(4) != null) next.add(view.get(step.group(4)));
            else if (step.group(5) != null) {
                for (var element : view.views())
                    if (element.get(step.group(5)).text().equals(step.group(6))) next.add(element);
            } else {
                next.addAll(view.views());
                view.map().values().forEach(value -> next.add(View.of(value)));
            }
        }
        return next;
    }

    /// No list is as long as the numbers that can be written down.
    private static View element(View list, String index) {
        try {
            return list.at(Integer.parseInt(index));
        } catch (NumberFormatException e) {
            return View.ABSENT;
        }
    }
}
