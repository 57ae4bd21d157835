package io.navarch.kinds.horizontalpodautoscaler;

import io.navarch.model.HPAScalingPolicy;
import io.navarch.model.HorizontalPodAutoscaler;
import io.navarch.model.HorizontalPodAutoscalerBehavior;
import io.navarch.model.HorizontalPodAutoscalerSpec;
import io.navarch.model.HpaScalingPolicyType;
import io.navarch.model.MetricSourceType;
import io.navarch.model.MetricTargetType;
import io.navarch.model.ScalingPolicySelect;
import java.util.List;
import java.util.Map;

/// Without metrics, pods are kept at four fifths of the CPU they ask for; a behavior is completed with the documented
/// policies.
///
/// Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#default-behavior
final class AutoscalingDefaults {
    private static final int CPU_PERCENT = 80;

    private AutoscalingDefaults() {}

    static void apply(Map<String, Object> object) {
        HorizontalPodAutoscaler.edit(object).spec(spec -> {
            if (spec.build().metrics().isEmpty()) cpu(spec);
            spec.editBehavior(AutoscalingDefaults::behavior);
        });
    }

    private static void cpu(HorizontalPodAutoscalerSpec.Builder spec) {
        spec.clearMetrics()
                .addMetrics(metric -> metric.type(MetricSourceType.RESOURCE)
                        .resource(resource -> resource.name("cpu")
                                .target(target -> target.type(MetricTargetType.UTILIZATION)
                                        .averageUtilization(CPU_PERCENT))));
    }

    private static void behavior(HorizontalPodAutoscalerBehavior.Builder behavior) {
        behavior.scaleUp(up -> {
            var given = up.build();
            if (!given.hasStabilizationWindowSeconds()) up.stabilizationWindowSeconds(0);
            if (!given.hasSelectPolicy()) up.selectPolicy(ScalingPolicySelect.MAX);
            if (!given.hasPolicies())
                up.policies(List.of(policy(HpaScalingPolicyType.PODS, 4), policy(HpaScalingPolicyType.PERCENT, 100)));
        });
        behavior.scaleDown(down -> {
            if (!down.build().hasSelectPolicy()) down.selectPolicy(ScalingPolicySelect.MAX);
            if (!down.build().hasPolicies()) down.policies(List.of(policy(HpaScalingPolicyType.PERCENT, 100)));
        });
    }

    private static HPAScalingPolicy policy(HpaScalingPolicyType type, int value) {
        return HPAScalingPolicy.builder()
                .type(type)
                .value(value)
                .periodSeconds(15)
                .build();
    }
}
