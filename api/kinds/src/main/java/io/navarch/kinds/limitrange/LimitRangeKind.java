package io.navarch.kinds.limitrange;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// LimitRange.
public final class LimitRangeKind {
    private static final Set<String> TYPES = Set.of("Pod", "Container", "PersistentVolumeClaim");

    private LimitRangeKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("", "LimitRange", "limitranges")
                .version("v1", types.get("V1LimitRange"), Columns.NAME, Columns.CREATED)
                .names("limitrange", "LimitRangeList")
                .shortNames("limits")
                .createsOnUpdate()
                .defaultedBy(LimitRangeKind::defaults)
                .ruledBy(LimitRangeKind::check);
    }

    @SuppressWarnings("unchecked")
    private static void defaults(Map<String, Object> object) {
        for (var element : View.of(object).spec().get("limits").list()) {
            if (!(element instanceof Map<?, ?> map) || !"Container".equals(map.get("type"))) continue;
            var item = (Map<String, Object>) map;
            var view = View.of(item);
            view.get("max").map().forEach((name, amount) -> Trees.putIfAbsent(item, amount, "default", name));
            view.get("default")
                    .map()
                    .forEach((name, amount) -> Trees.putIfAbsent(item, amount, "defaultRequest", name));
            view.get("min").map().forEach((name, amount) -> Trees.putIfAbsent(item, amount, "defaultRequest", name));
        }
    }

    private static List<FieldError> check(View object, View old) {
        var check = new Check();
        var types = new HashSet<String>();
        int i = 0;
        for (var item : object.spec().get("limits").views()) {
            var at = "spec.limits[" + i++ + "]";
            var type = item.get("type").string();
            if (!types.add(type)) check.add(FieldError.duplicate(at + ".type", type));
            check.name(type, at + ".type", Names.qualifiedName(type));
            if (Names.qualifiedName(type).isEmpty() && !type.contains("/") && !TYPES.contains(type))
                check.add(FieldError.invalid(at + ".type", type, "must be a standard limit type or fully qualified"));
            if (type.equals("Pod")) {
                for (var field : List.of("default", "defaultRequest"))
                    if (!item.get(field).map().isEmpty())
                        check.add(FieldError.forbidden(at + "." + field, "may not be specified when `type` is 'Pod'"));
            }
            if (type.equals("PersistentVolumeClaim")
                    && !item.get("min", "storage").exists()
                    && !item.get("max", "storage").exists()) {
                check.add(FieldError.required(
                        at + ".limits",
                        "either minimum or maximum storage value is required, but neither was provided"));
            }
            amounts(item, at, check);
        }
        return check.errors();
    }

    private static void amounts(View item, String at, Check check) {
        var names = new TreeSet<String>();
        for (var field : List.of("max", "min", "default", "defaultRequest", "maxLimitRequestRatio"))
            names.addAll(item.get(field).map().keySet());
        for (var name : names) {
            check.resourceName(name, at);
            ordered(item, "min", "max", "min", name, at, check);
            ordered(item, "min", "defaultRequest", "defaultRequest", name, at, check);
            ordered(item, "defaultRequest", "max", "defaultRequest", name, at, check);
            ordered(item, "defaultRequest", "default", "defaultRequest", name, at, check);
            ordered(item, "min", "default", "default", name, at, check);
            ordered(item, "default", "max", "default", name, at, check);
            var ratio = Quantity.parseOr(item.get("maxLimitRequestRatio", name).value(), null);
            ratio(ratio, item, name, at, check);
            if (ratio != null && ratio.compareTo(Quantity.parse("1")) < 0)
                check.add(FieldError.invalid(
                        at + ".maxLimitRequestRatio[" + name + "]",
                        ratio.toString(),
                        "ratio " + ratio + " is less than 1"));
        }
    }

    /// A ratio that the bounds rule out anyway.
    private static void ratio(Quantity ratio, View item, String name, String at, Check check) {
        var least = Quantity.parseOr(item.get("min", name).value(), null);
        var most = Quantity.parseOr(item.get("max", name).value(), null);
        if (ratio == null || least == null || most == null || least.value().signum() == 0) return;
        double limit = most.value().doubleValue() / least.value().doubleValue();
        if (ratio.value().doubleValue() > limit)
            check.add(FieldError.invalid(
                    at + ".maxLimitRequestRatio[" + name + "]",
                    ratio.toString(),
                    String.format(Locale.ROOT, "ratio %s is greater than max/min = %f", ratio, limit)));
    }

    /// @param blamed which of the two fields the error names
    private static void ordered(
            View item, String low, String high, String blamed, String name, String at, Check check) {
        var least = Quantity.parseOr(item.get(low, name).value(), null);
        var most = Quantity.parseOr(item.get(high, name).value(), null);
        if (least == null || most == null || least.compareTo(most) <= 0) return;
        check.add(FieldError.invalid(
                at + "." + blamed + "[" + name + "]",
                (blamed.equals(low) ? least : most).toString(),
                words(low) + " value " + least + " is greater than "
                        + (low.equals("defaultRequest") && high.equals("default") ? "default limit" : words(high))
                        + " value " + most));
    }

    private static String words(String field) {
        return field.equals("defaultRequest") ? "default request" : field;
    }
}
