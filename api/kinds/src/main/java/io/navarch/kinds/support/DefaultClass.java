package io.navarch.kinds.support;

import io.navarch.objects.View;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The class that objects get which name none: of several that are marked the newest, of these the first by name.
public final class DefaultClass {
    private DefaultClass() {}

    public static Optional<View> of(List<View> classes, Predicate<View> marked) {
        var age = Comparator.comparing((View candidate) ->
                candidate.metadata().get("creationTimestamp").string());
        return classes.stream().filter(marked).max(age.thenComparing(View::name, Comparator.reverseOrder()));
    }
}
