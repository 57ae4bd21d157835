package io.navarch.kinds.support;

import io.navarch.objects.LabelSelector;
import io.navarch.objects.Lens;
import io.navarch.objects.View;
import java.util.Map;

/// What label selectors in objects choose.
public final class Selectors {
    private Selectors() {}

    /// An empty selector chooses everything.
    public static boolean matches(Lens selector, Map<String, String> labels) {
        return LabelSelector.ofObject(selector).matches(labels);
    }

    /// Whether a selector can be used at all; one that is absent chooses nothing.
    public static boolean valid(Lens selector) {
        var check = new Check();
        check.labelSelector(View.over(selector), "");
        return check.errors().isEmpty();
    }
}
