package io.navarch.controllers.disruption;

import io.navarch.controllers.ReasonKind;

/// What the conditions and events of PodDisruptionBudgets say.
final class DisruptionReason {
    static final ReasonKind NO_PODS = new ReasonKind("NoPods", "No matching pods found");
    static final ReasonKind CALCULATE_EXPECTED_POD_COUNT_FAILED =
            new ReasonKind("CalculateExpectedPodCountFailed", "Failed to calculate the number of expected pods: {}");
    static final ReasonKind UNMANAGED_PODS = new ReasonKind(
            "UnmanagedPods",
            "Pods selected by this PodDisruptionBudget (selector: {}) were found to be unmanaged. As a result, the"
                    + " status of the PDB cannot be calculated correctly, which may result in undefined behavior. To"
                    + " account for these pods please set \".spec.minAvailable\" field of the PDB to an integer value.");
    static final ReasonKind SYNC_FAILED = new ReasonKind("SyncFailed", "{}");
    static final ReasonKind SUFFICIENT_PODS = new ReasonKind("SufficientPods", "");
    static final ReasonKind INSUFFICIENT_PODS = new ReasonKind("InsufficientPods", "");
    static final ReasonKind NOT_DISRUPTED =
            new ReasonKind("NotDisrupted", "Pod was expected by PDB {} to be deleted but it wasn't");

    private DisruptionReason() {}
}
