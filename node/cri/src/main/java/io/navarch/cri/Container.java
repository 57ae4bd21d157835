package io.navarch.cri;

import java.util.Map;

/// A container in a listing.
public record Container(
        String id,
        String sandboxId,
        int attempt,
        ContainerState state,
        Map<String, String> labels,
        Map<String, String> annotations) {}
