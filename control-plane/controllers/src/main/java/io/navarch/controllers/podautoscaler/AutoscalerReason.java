package io.navarch.controllers.podautoscaler;

import io.navarch.controllers.ReasonKind;

/// What the conditions and events of HorizontalPodAutoscalers say.
public enum AutoscalerReason implements ReasonKind {
    FAILED_GET_SCALE("FailedGetScale", "the HPA controller was unable to get the target's current scale: {}"),
    SUCCEEDED_GET_SCALE("SucceededGetScale", "the HPA controller was able to get the target's current scale"),
    SCALING_DISABLED("ScalingDisabled", "scaling is disabled since the replica count of the target is zero"),
    VALID_METRIC_FOUND("ValidMetricFound", "the HPA was able to successfully calculate a replica count from {}"),
    READY_FOR_NEW_SCALE("ReadyForNewScale", "recommended size matches current size"),
    SCALE_DOWN_STABILIZED(
            "ScaleDownStabilized",
            "recent recommendations were higher than current one, applying the highest recent recommendation"),
    SCALE_UP_STABILIZED(
            "ScaleUpStabilized",
            "recent recommendations were lower than current one, applying the lowest recent recommendation"),
    DESIRED_WITHIN_RANGE("DesiredWithinRange", "the desired count is within the acceptable range"),
    TOO_MANY_REPLICAS("TooManyReplicas", "the desired replica count is more than the maximum replica count"),
    TOO_FEW_REPLICAS("TooFewReplicas", "the desired replica count is less than the minimum replica count"),
    SCALE_UP_LIMIT("ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate"),
    SCALE_DOWN_LIMIT("ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate"),
    SUCCEEDED_RESCALE("SucceededRescale", "the HPA controller was able to update the target scale to {}"),
    SUCCESSFUL_RESCALE("SuccessfulRescale", "New size: {}");

    private final String reason;
    private final String text;

    AutoscalerReason(String reason, String text) {
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
