package io.navarch.controllers;

import io.navarch.model.StructureBuilder;

/// Counters of a status that are left out when they are zero.
public final class Counts {
    private Counts() {}

    public static void omitZeros(StructureBuilder status, String... counters) {
        for (var counter : counters)
            if (status.map().get(counter) instanceof Number number && number.longValue() == 0)
                status.map().remove(counter);
    }
}
