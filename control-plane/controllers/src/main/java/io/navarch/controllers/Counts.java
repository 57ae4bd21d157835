package io.navarch.controllers;

import io.navarch.model.StructureBuilder;
import java.util.Map;

/// Counters of a status that are left out when they are zero.
public final class Counts {
    private Counts() {}

    public static void put(Map<String, Object> status, String counter, long value) {
        if (value == 0) status.remove(counter);
        else status.put(counter, value);
    }

    public static void omitZeros(StructureBuilder status, String... counters) {
        for (var counter : counters)
            if (status.map().get(counter) instanceof Number number && number.longValue() == 0)
                status.map().remove(counter);
    }
}
