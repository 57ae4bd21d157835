package io.navarch.kinds.limitrange;

import io.navarch.kinds.pod.PodResources;
import io.navarch.model.Container;
import io.navarch.model.LimitRange;
import io.navarch.model.LimitRangeItem;
import io.navarch.model.LimitType;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Gives containers the defaults of their namespace's LimitRanges, and refuses what lies outside of them.
///
/// Source: https://kubernetes.io/docs/concepts/policy/limit-range/
public final class LimitRanger implements Admission.Mutating, Admission.Validating {
    private static final String ANNOTATION = "kubernetes.io/limit-ranger";

    @Override
    public boolean handles(Admission.Attributes call) {
        boolean changesClaim = call.is(Resources.PERSISTENT_VOLUME_CLAIMS)
                && call.operation() == Operation.UPDATE
                && call.subresource().isEmpty();
        return call.creates(Resources.PODS)
                || call.creates(Resources.PERSISTENT_VOLUME_CLAIMS)
                || changesClaim
                || call.is(Resources.PODS) && call.subresource().equals("resize");
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> tree, View old, Admission.Lookup lookup) {
        if (!call.creates(Resources.PODS)) return;
        for (var range : lookup.list(Resources.LIMIT_RANGES, call.namespace())) defaults(Pod.edit(tree), range);
    }

    private static void defaults(Pod.Builder pod, LimitRange range) {
        for (var item : range.spec().limits()) {
            if (item.type() != LimitType.CONTAINER) continue;
            var notes = new ArrayList<String>();
            pod.spec(spec -> spec.editContainers(container -> defaults(container, item, "container ", notes))
                    .editInitContainers(container -> defaults(container, item, "init container ", notes)));
            if (notes.isEmpty()) continue;
            var note = "LimitRanger plugin set: " + String.join("; ", notes);
            pod.metadata(metadata -> metadata.putAnnotations(ANNOTATION, note));
        }
    }

    private static void defaults(Container.Builder container, LimitRangeItem item, String noun, List<String> notes) {
        var given = container.build();
        var asked = missing(item.defaultRequest(), given.resources().requests());
        var bounded = missing(item.defaultValue(), given.resources().limits());
        asked.forEach((name, amount) -> container.resources(resources -> resources.putRequests(name, amount)));
        bounded.forEach((name, amount) -> container.resources(resources -> resources.putLimits(name, amount)));
        var name = noun + given.name();
        if (!asked.isEmpty()) notes.add(String.join(", ", asked.keySet()) + " request for " + name);
        if (!bounded.isEmpty()) notes.add(String.join(", ", bounded.keySet()) + " limit for " + name);
    }

    private static Map<String, Quantity> missing(Map<String, Quantity> defaults, Map<String, Quantity> given) {
        var missing = new TreeMap<>(defaults);
        missing.keySet().removeAll(given.keySet());
        return missing;
    }

    @Override
    public void validate(Admission.Attributes call, View object, View old, Admission.Lookup lookup) {
        var wrong = new ArrayList<String>();
        for (var range : lookup.list(Resources.LIMIT_RANGES, call.namespace())) {
            for (var item : range.spec().limits()) {
                if (call.is(Resources.PODS)) pod(item, Pod.of(object), wrong);
                else if (item.type() == LimitType.PERSISTENT_VOLUME_CLAIM)
                    check(
                            item,
                            PersistentVolumeClaim.of(object).spec().resources().requests(),
                            Map.of(),
                            wrong);
            }
        }
        if (wrong.isEmpty()) return;
        var text = wrong.size() == 1 ? wrong.getFirst() : "[" + String.join(", ", wrong) + "]";
        throw ApiException.forbidden(call.resource(), call.group(), call.name(), text);
    }

    private static void pod(LimitRangeItem item, Pod pod, List<String> wrong) {
        var spec = pod.spec();
        if (item.type() == LimitType.POD) check(item, PodResources.requests(spec), PodResources.limits(spec), wrong);
        if (item.type() != LimitType.CONTAINER) return;
        for (var container : spec.containers()) container(item, container, wrong);
        for (var container : spec.initContainers()) container(item, container, wrong);
    }

    private static void container(LimitRangeItem item, Container container, List<String> wrong) {
        check(item, container.resources().requests(), container.resources().limits(), wrong);
    }

    private static void check(
            LimitRangeItem item, Map<String, Quantity> requests, Map<String, Quantity> limits, List<String> wrong) {
        var type = item.type();
        boolean claim = type == LimitType.PERSISTENT_VOLUME_CLAIM;
        item.min().forEach((name, least) -> {
            var request = requests.get(name);
            var limit = limits.get(name);
            var head = "minimum " + name + " usage per " + type + " is " + least;
            if (request == null && limit == null) wrong.add(head + ".  No request is specified");
            else if (request != null && request.compareTo(least) < 0) wrong.add(head + ", but request is " + request);
            else if (limit != null && limit.compareTo(least) < 0) wrong.add(head + ", but limit is " + limit);
        });
        item.max().forEach((name, most) -> {
            var request = requests.get(name);
            var limit = claim ? request : limits.get(name);
            var head = "maximum " + name + " usage per " + type + " is " + most;
            if (limit == null && !claim) wrong.add(head + ".  No limit is specified");
            else if (limit != null && limit.compareTo(most) > 0)
                wrong.add(head + ", but " + (claim ? "request" : "limit") + " is " + limit);
            else if (request != null && request.compareTo(most) > 0) wrong.add(head + ", but request is " + request);
        });
        item.maxLimitRequestRatio().forEach((name, most) -> {
            var head = name + " max limit to request ratio per " + type + " is " + most + ", but ";
            var request = requests.getOrDefault(name, Quantity.ZERO).value();
            var limit = limits.getOrDefault(name, Quantity.ZERO).value();
            double ratio = request.signum() == 0 ? 0 : limit.doubleValue() / request.doubleValue();
            if (request.signum() == 0) wrong.add(head + "no request is specified or request is 0");
            else if (limit.signum() == 0) wrong.add(head + "no limit is specified or limit is 0");
            else if (ratio > most.value().doubleValue())
                wrong.add(head + "provided ratio is " + String.format(Locale.ROOT, "%.6f", ratio));
        });
    }
}
