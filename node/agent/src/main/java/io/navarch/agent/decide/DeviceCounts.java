package io.navarch.agent.decide;

import io.navarch.objects.Quantity;
import java.util.Map;

/// What a node has of devices, by the name of the resource.
///
/// @param allocatable those that are well
public record DeviceCounts(Map<String, Quantity> capacity, Map<String, Quantity> allocatable) {
    public static final DeviceCounts NONE = new DeviceCounts(Map.of(), Map.of());
}
