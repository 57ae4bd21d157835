package io.navarch.controllers.podautoscaler;

import io.navarch.controllers.ReasonKind;

/// What the conditions and events of HorizontalPodAutoscalers say.
public final class AutoscalerReason {
    public static final ReasonKind FAILED_GET_SCALE =
            new ReasonKind("FailedGetScale", "the HPA controller was unable to get the target's current scale: {}");
    public static final ReasonKind FAILED_COMPUTE_METRICS_REPLICAS =
            new ReasonKind("FailedComputeMetricsReplicas", "{}");
    public static final ReasonKind INVALID_SELECTOR = new ReasonKind("InvalidSelector", "{}");
    public static final ReasonKind SELECTOR_REQUIRED = new ReasonKind("SelectorRequired", "{}");
    public static final ReasonKind SUCCEEDED_GET_SCALE =
            new ReasonKind("SucceededGetScale", "the HPA controller was able to get the target's current scale");
    public static final ReasonKind SCALING_DISABLED =
            new ReasonKind("ScalingDisabled", "scaling is disabled since the replica count of the target is zero");
    public static final ReasonKind VALID_METRIC_FOUND =
            new ReasonKind("ValidMetricFound", "the HPA was able to successfully calculate a replica count from {}");
    public static final ReasonKind READY_FOR_NEW_SCALE =
            new ReasonKind("ReadyForNewScale", "recommended size matches current size");
    public static final ReasonKind SCALE_DOWN_STABILIZED = new ReasonKind(
            "ScaleDownStabilized",
            "recent recommendations were higher than current one, applying the highest recent recommendation");
    public static final ReasonKind SCALE_UP_STABILIZED = new ReasonKind(
            "ScaleUpStabilized",
            "recent recommendations were lower than current one, applying the lowest recent recommendation");
    public static final ReasonKind DESIRED_WITHIN_RANGE =
            new ReasonKind("DesiredWithinRange", "the desired count is within the acceptable range");
    public static final ReasonKind TOO_MANY_REPLICAS =
            new ReasonKind("TooManyReplicas", "the desired replica count is more than the maximum replica count");
    public static final ReasonKind TOO_FEW_REPLICAS =
            new ReasonKind("TooFewReplicas", "the desired replica count is less than the minimum replica count");
    public static final ReasonKind SCALE_UP_LIMIT = new ReasonKind(
            "ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate");
    public static final ReasonKind SCALE_DOWN_LIMIT = new ReasonKind(
            "ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate");
    public static final ReasonKind SUCCEEDED_RESCALE =
            new ReasonKind("SucceededRescale", "the HPA controller was able to update the target scale to {}");
    public static final ReasonKind SUCCESSFUL_RESCALE = new ReasonKind("SuccessfulRescale", "New size: {}");

    private AutoscalerReason() {}
}
