package io.navarch.controllers;

import java.util.Map;

/// Counters of a status that are left out when they are zero.
public final class Counts {
    private Counts() {}

    public static void put(Map<String, Object> status, String counter, long value) {
        if (value == 0) status.remove(counter);
        else status.put(counter, value);
    }
}
