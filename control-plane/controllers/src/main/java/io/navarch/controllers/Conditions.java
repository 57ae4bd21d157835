package io.navarch.controllers;

import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;

/// Conditions of a status: their times change only when what they say does.
public final class Conditions {
    private Conditions() {}

    /// A condition that has just come to be so.
    public static Map<String, Object> of(String type, String status, String reason, String message, Instant now) {
        return Trees.map(
                "type",
                type,
                "status",
                status,
                "lastTransitionTime",
                Timestamps.seconds(now),
                "reason",
                reason,
                "message",
                message);
    }

    /// The condition that says this, with the time of the one there is when its status is the same.
    public static Map<String, Object> of(
            View object, String type, String status, String reason, String message, Instant now) {
        var result = of(type, status, reason, message, now);
        var old = object.status().get("conditions").find("type", type);
        if (old.get("status").string().equals(status))
            result.put("lastTransitionTime", old.get("lastTransitionTime").value());
        return result;
    }

    /// Puts a condition into a status, in the place of the one of its type; an absent one takes that away.
    public static void replace(Map<String, Object> status, String type, View condition) {
        var result = new ArrayList<Object>();
        boolean placed = !condition.exists();
        for (var each : View.of(status).get("conditions").views()) {
            if (!each.get("type").string().equals(type)) result.add(each.value());
            else if (!placed) {
                result.add(condition.value());
                placed = true;
            }
        }
        if (!placed) result.add(condition.value());
        if (result.isEmpty()) status.remove("conditions");
        else status.put("conditions", result);
    }

    public static void replace(Map<String, Object> status, Map<String, Object> condition) {
        replace(status, View.of(condition).get("type").string(), View.of(condition));
    }
}
