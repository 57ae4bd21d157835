package io.navarch.agent.decide;

import io.navarch.model.NodeConditionType;

/// What a node may be short of, as its conditions and Events say it.
///
/// Source: https://kubernetes.io/docs/reference/node/node-status/
public enum Pressure {
    MEMORY(NodeConditionType.MEMORY_PRESSURE, "HasInsufficientMemory", "HasSufficientMemory"),
    DISK(NodeConditionType.DISK_PRESSURE, "HasDiskPressure", "HasNoDiskPressure"),
    PID(NodeConditionType.PID_PRESSURE, "HasInsufficientPID", "HasSufficientPID");

    private final String condition;
    private final String on;
    private final String off;

    Pressure(String condition, String on, String off) {
        this.condition = condition;
        this.on = on;
        this.off = off;
    }

    /// The type of the condition.
    public String condition() {
        return condition;
    }

    String reason(boolean present) {
        return "Kubelet" + (present ? on : off);
    }

    String eventReason(boolean present) {
        return "Node" + (present ? on : off);
    }

    String message(boolean present) {
        return "kubelet has "
                + switch (this) {
                    case MEMORY -> (present ? "insufficient" : "sufficient") + " memory available";
                    case DISK -> (present ? "" : "no ") + "disk pressure";
                    case PID -> (present ? "insufficient" : "sufficient") + " PID available";
                };
    }
}
