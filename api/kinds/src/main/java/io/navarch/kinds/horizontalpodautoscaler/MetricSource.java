package io.navarch.kinds.horizontalpodautoscaler;

import io.navarch.model.MetricIdentifier;
import io.navarch.model.MetricSourceType;
import io.navarch.model.MetricSpec;
import io.navarch.model.MetricStatus;
import io.navarch.model.MetricTarget;
import io.navarch.model.MetricValueStatus;
import io.navarch.model.Structure;

/// What a metric says in the field of its type, whichever of the five types it has.
///
/// @param structure all of it, absent when the field is
/// @param name of a resource, `""` for other metrics
/// @param metric which metric of the metrics API, absent for resources
record MetricSource(Structure structure, String name, MetricIdentifier metric, MetricTarget target) {
    static MetricSource of(MetricSpec spec) {
        return of(spec, spec.type());
    }

    /// The source of this type, whether or not it is the metric's.
    static MetricSource of(MetricSpec spec, MetricSourceType type) {
        return switch (type) {
            case RESOURCE ->
                resource(
                        spec.resource(), spec.resource().name(), spec.resource().target());
            case CONTAINER_RESOURCE ->
                resource(
                        spec.containerResource(),
                        spec.containerResource().name(),
                        spec.containerResource().target());
            case PODS ->
                new MetricSource(
                        spec.pods(), "", spec.pods().metric(), spec.pods().target());
            case OBJECT ->
                new MetricSource(
                        spec.object(), "", spec.object().metric(), spec.object().target());
            case EXTERNAL ->
                new MetricSource(
                        spec.external(),
                        "",
                        spec.external().metric(),
                        spec.external().target());
            case UNSET, UNRECOGNIZED -> resource(MetricTarget.ABSENT, "", MetricTarget.ABSENT);
        };
    }

    private static MetricSource resource(Structure structure, String name, MetricTarget target) {
        return new MetricSource(structure, name, MetricIdentifier.ABSENT, target);
    }

    static MetricValueStatus current(MetricStatus status, MetricSourceType type) {
        return switch (type) {
            case RESOURCE -> status.resource().current();
            case CONTAINER_RESOURCE -> status.containerResource().current();
            case PODS -> status.pods().current();
            case OBJECT -> status.object().current();
            case EXTERNAL -> status.external().current();
            case UNSET, UNRECOGNIZED -> MetricValueStatus.ABSENT;
        };
    }

    /// The field that holds a metric of this type.
    static String field(MetricSourceType type) {
        return switch (type) {
            case RESOURCE -> MetricSpec.RESOURCE;
            case CONTAINER_RESOURCE -> MetricSpec.CONTAINER_RESOURCE;
            case PODS -> MetricSpec.PODS;
            case OBJECT -> MetricSpec.OBJECT;
            case EXTERNAL -> MetricSpec.EXTERNAL;
            case UNSET, UNRECOGNIZED -> "";
        };
    }
}
