package io.navarch.controllers;

import io.navarch.objects.View;

/// `IntOrString` fields that are a number or a share of a whole.
public final class Scaled {
    private Scaled() {}

    /// @param up whether a share is rounded up
    public static long of(View value, long total, boolean up) {
        if (!(value.value() instanceof String text)) return value.longOr(0);
        try {
            double share = Integer.parseInt(text.replace("%", "")) / 100.0 * total;
            return (long) (up ? Math.ceil(share) : Math.floor(share));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
