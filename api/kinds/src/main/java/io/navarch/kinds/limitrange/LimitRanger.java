package io.navarch.kinds.limitrange;

import io.navarch.kinds.pod.PodResources;
import io.navarch.model.PodSpec;
import io.navarch.objects.ApiException;
import io.navarch.objects.Quantity;
import io.navarch.objects.Trees;
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
        return call.creates("", "pods")
                || call.creates("", "persistentvolumeclaims")
                || call.is("", "persistentvolumeclaims")
                        && call.operation() == Operation.UPDATE
                        && call.subresource().isEmpty()
                || call.is("", "pods") && call.subresource().equals("resize");
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> object, View old, Admission.Lookup lookup) {
        if (!call.creates("", "pods")) return;
        for (var range : lookup.list("", "limitranges", call.namespace())) defaults(object, range);
    }

    @SuppressWarnings("unchecked")
    private static void defaults(Map<String, Object> pod, View range) {
        for (var item : range.spec().get("limits").views()) {
            if (!item.get("type").string().equals("Container")) continue;
            var notes = new ArrayList<String>();
            for (var field : List.of("containers", "initContainers")) {
                for (var element : View.of(pod).spec().get(field).list()) {
                    var container = (Map<String, Object>) element;
                    var noun = field.equals("containers") ? "container " : "init container ";
                    var asked = fill(container, "requests", item.get("defaultRequest"));
                    var bounded = fill(container, "limits", item.get("default"));
                    var name = noun + container.get("name");
                    if (!asked.isEmpty()) notes.add(String.join(", ", asked) + " request for " + name);
                    if (!bounded.isEmpty()) notes.add(String.join(", ", bounded) + " limit for " + name);
                }
            }
            if (!notes.isEmpty())
                Trees.put(
                        pod,
                        "LimitRanger plugin set: " + String.join("; ", notes),
                        "metadata",
                        "annotations",
                        ANNOTATION);
        }
    }

    private static List<String> fill(Map<String, Object> container, String part, View defaults) {
        var set = new ArrayList<String>();
        for (var entry : new TreeMap<>(defaults.map()).entrySet()) {
            if (View.of(container).get("resources", part, entry.getKey()).exists()) continue;
            Trees.put(container, entry.getValue(), "resources", part, entry.getKey());
            set.add(entry.getKey());
        }
        return set;
    }

    @Override
    public void validate(Admission.Attributes call, View object, View old, Admission.Lookup lookup) {
        var wrong = new ArrayList<String>();
        for (var range : lookup.list("", "limitranges", call.namespace())) {
            for (var item : range.spec().get("limits").views()) {
                switch (item.get("type").string()) {
                    case "Container" -> {
                        if (!call.resource().equals("pods")) continue;
                        for (var container : containers(object))
                            check(
                                    item,
                                    container.get("resources", "requests").map(),
                                    container.get("resources", "limits").map(),
                                    wrong);
                    }
                    case "Pod" -> {
                        if (call.resource().equals("pods"))
                            check(
                                    item,
                                    PodResources.requests(PodSpec.of(object.spec())),
                                    PodResources.limits(PodSpec.of(object.spec())),
                                    wrong);
                    }
                    case "PersistentVolumeClaim" -> {
                        if (call.resource().equals("persistentvolumeclaims"))
                            check(
                                    item,
                                    object.spec().get("resources", "requests").map(),
                                    Map.of(),
                                    wrong);
                    }
                    default -> {}
                }
            }
        }
        if (wrong.isEmpty()) return;
        var text = wrong.size() == 1 ? wrong.getFirst() : "[" + String.join(", ", wrong) + "]";
        throw ApiException.forbidden(call.resource(), call.group(), call.name(), text);
    }

    private static List<View> containers(View pod) {
        var all = new ArrayList<>(pod.spec().get("containers").views());
        all.addAll(pod.spec().get("initContainers").views());
        return all;
    }

    private static Quantity amount(Map<String, ?> amounts, String name) {
        return amounts.get(name) instanceof Quantity known ? known : Quantity.parseOr(amounts.get(name), null);
    }

    private static void check(View item, Map<String, ?> requests, Map<String, ?> limits, List<String> wrong) {
        var type = item.get("type").string();
        boolean claim = type.equals("PersistentVolumeClaim");
        item.get("min").map().forEach((name, value) -> {
            var least = Quantity.parseOr(value, Quantity.ZERO);
            var request = amount(requests, name);
            var limit = amount(limits, name);
            var head = "minimum " + name + " usage per " + type + " is " + least;
            if (request == null && limit == null) wrong.add(head + ".  No request is specified");
            else if (request != null && request.compareTo(least) < 0) wrong.add(head + ", but request is " + request);
            else if (limit != null && limit.compareTo(least) < 0) wrong.add(head + ", but limit is " + limit);
        });
        item.get("max").map().forEach((name, value) -> {
            var most = Quantity.parseOr(value, Quantity.ZERO);
            var request = amount(requests, name);
            var limit = claim ? request : amount(limits, name);
            var head = "maximum " + name + " usage per " + type + " is " + most;
            if (limit == null && !claim) wrong.add(head + ".  No limit is specified");
            else if (limit != null && limit.compareTo(most) > 0)
                wrong.add(head + ", but " + (claim ? "request" : "limit") + " is " + limit);
            else if (request != null && request.compareTo(most) > 0) wrong.add(head + ", but request is " + request);
        });
        item.get("maxLimitRequestRatio").map().forEach((name, value) -> {
            var most = Quantity.parseOr(value, Quantity.ZERO);
            var request = amount(requests, name);
            var limit = amount(limits, name);
            var head = name + " max limit to request ratio per " + type + " is " + most + ", but ";
            if (request == null || request.value().signum() == 0)
                wrong.add(head + "no request is specified or request is 0");
            else if (limit == null || limit.value().signum() == 0)
                wrong.add(head + "no limit is specified or limit is 0");
            else {
                double ratio = limit.value().doubleValue() / request.value().doubleValue();
                if (ratio > most.value().doubleValue())
                    wrong.add(head + "provided ratio is " + String.format(Locale.ROOT, "%.6f", ratio));
            }
        });
    }
}
