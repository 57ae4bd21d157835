package io.navarch.controllers.disruption;

import io.navarch.controllers.ReasonKind;

/// What the conditions and events of PodDisruptionBudgets say.
enum DisruptionReason implements ReasonKind {
    NO_PODS("NoPods", "No matching pods found"),
    CALCULATE_EXPECTED_POD_COUNT_FAILED(
            "CalculateExpectedPodCountFailed", "Failed to calculate the number of expected pods: {}"),
    SYNC_FAILED("SyncFailed", "{}"),
    SUFFICIENT_PODS("SufficientPods", ""),
    INSUFFICIENT_PODS("InsufficientPods", ""),
    NOT_DISRUPTED("NotDisrupted", "Pod was expected by PDB {} to be deleted but it wasn't");

    private final String reason;
    private final String text;

    DisruptionReason(String reason, String text) {
        this.reason = reason;
        this.text = text;
    }

    @Override
    public String reason() {
        return reason;
    }

    @Override
    public String text() {
        return text;
    }
}
