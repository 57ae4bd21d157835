package io.navarch.hollow;

import io.navarch.agent.Machine;
import io.navarch.model.NodeSystemInfo;
import io.navarch.objects.Quantity;
import java.util.Map;

/// A large machine that is not there.
final class HollowMachine implements Machine {
    private static final Quantity MEMORY = Quantity.parse("256Gi");

    @Override
    public Map<String, Quantity> capacity() {
        return Map.of(
                "cpu", Quantity.parse("64"),
                "memory", MEMORY,
                "pods", Quantity.parse("1000"),
                "ephemeral-storage", Quantity.parse("1Ti"));
    }

    @Override
    public long memory() {
        return MEMORY.units();
    }

    @Override
    public NodeSystemInfo.Builder systemInfo() {
        return NodeSystemInfo.builder()
                .machineID("")
                .systemUUID("")
                .bootID("")
                .kernelVersion("")
                .osImage("hollow")
                .architecture("amd64");
    }

    @Override
    public Map<String, String> labels() {
        return Map.of("navarch.io/hollow", "true");
    }

    /// Nothing runs that could break out.
    @Override
    public boolean appArmor() {
        return true;
    }
}
