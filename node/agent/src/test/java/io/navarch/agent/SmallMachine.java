package io.navarch.agent;

import io.navarch.model.NodeSystemInfo;
import io.navarch.objects.Quantity;
import java.util.Map;

/// A machine that few pods fit on.
final class SmallMachine implements Machine {
    @Override
    public Map<String, Quantity> capacity() {
        return Map.of("cpu", Quantity.parse("1"));
    }

    @Override
    public long memory() {
        return 1 << 30;
    }

    @Override
    public NodeSystemInfo.Builder systemInfo() {
        return NodeSystemInfo.builder();
    }

    @Override
    public Map<String, String> labels() {
        return Map.of();
    }
}
