package io.navarch.kinds.limitrange;

import io.navarch.kinds.pod.ResourceRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.kinds.types.Types;
import io.navarch.model.LimitRange;
import io.navarch.model.LimitRangeItem;
import io.navarch.model.LimitType;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// LimitRange.
public final class LimitRangeKind {
    private static final Quantity ONE = Quantity.parse("1");

    /// One of the bounds of an item.
    ///
    /// @param words what errors call it
    private record Bound(String field, String words, Map<String, Quantity> amounts) {}

    private LimitRangeKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.LIMIT_RANGES)
                .version(types.get("V1LimitRange"), columns -> columns.name().created())
                .names("limitrange", "LimitRangeList")
                .shortNames("limits")
                .createsOnUpdate()
                .defaultedBy(LimitRange::edit, LimitRangeKind::defaults)
                .preparedBy(LimitRange::edit, LimitRangeKind::prepare)
                .ruledBy(LimitRangeKind::check)
                .checkingUpdates(MetadataCheck.FORM)
                .build();
    }

    /// One without a name gets one that nobody else has.
    private static void prepare(LimitRange.Builder range, LimitRange old) {
        if (range.build().name().isEmpty())
            range.metadata(metadata -> metadata.name(UUID.randomUUID().toString()));
    }

    private static void defaults(LimitRange.Builder range) {
        if (range.build().hasSpec()) range.spec(spec -> spec.editLimits(LimitRangeKind::defaults));
    }

    private static void defaults(LimitRangeItem.Builder item) {
        if (item.build().type() != LimitType.CONTAINER) return;
        complete(item.build().max(), item.build().defaultValue(), item::putDefaultValue);
        complete(item.build().defaultValue(), item.build().defaultRequest(), item::putDefaultRequest);
        complete(item.build().min(), item.build().defaultRequest(), item::putDefaultRequest);
    }

    private static void complete(
            Map<String, Quantity> from, Map<String, Quantity> given, BiConsumer<String, Quantity> put) {
        from.forEach((name, amount) -> {
            if (!given.containsKey(name)) put.accept(name, amount);
        });
    }

    private static List<FieldError> check(LimitRange range, LimitRange old) {
        var check = new Check();
        var types = new HashSet<String>();
        Check.each(range.spec().limits(), "spec.limits", (item, at) -> {
            var type = item.raw(LimitRangeItem.TYPE).string();
            if (!types.add(type)) check.duplicate(at + ".type", type);
            item(item, type, at, check);
            resources(item, at, check);
            amounts(item, at, check);
        });
        return check.errors();
    }

    private static void item(LimitRangeItem item, String type, String path, Check check) {
        var wrong = Names.qualifiedName(type);
        check.name(type, path + ".type", wrong);
        if (wrong.isEmpty() && !type.contains("/") && !item.type().known())
            check.invalid(path + ".type", type, "must be a standard limit type or fully qualified");
        if (item.type() == LimitType.POD) {
            var why = "may not be specified when `type` is 'Pod'";
            if (!item.defaultValue().isEmpty()) check.forbidden(path + ".default", why);
            if (!item.defaultRequest().isEmpty()) check.forbidden(path + ".defaultRequest", why);
        }
        boolean storage =
                item.min().containsKey(ResourceNames.STORAGE) || item.max().containsKey(ResourceNames.STORAGE);
        if (item.type() == LimitType.PERSISTENT_VOLUME_CLAIM && !storage)
            check.missing(
                    path + ".limits", "either minimum or maximum storage value is required, but neither was provided");
    }

    private static void resources(LimitRangeItem item, String path, Check check) {
        boolean pod = item.type() == LimitType.POD;
        var bounds = new LinkedHashMap<String, Map<String, Quantity>>();
        bounds.put(LimitRangeItem.MAX, item.max());
        bounds.put(LimitRangeItem.MIN, item.min());
        if (!pod) bounds.put(LimitRangeItem.DEFAULT, item.defaultValue());
        if (!pod) bounds.put(LimitRangeItem.DEFAULT_REQUEST, item.defaultRequest());
        bounds.put(LimitRangeItem.MAX_LIMIT_REQUEST_RATIO, item.maxLimitRequestRatio());
        bounds.forEach((field, amounts) -> {
            for (var name : amounts.keySet()) {
                var at = path + "." + field + "[" + name + "]";
                if (pod || item.type() == LimitType.CONTAINER) ResourceRules.containerName(name, at, check);
                else ResourceRules.resourceName(name, at, check);
            }
        });
    }

    private static void amounts(LimitRangeItem item, String path, Check check) {
        var min = new Bound(LimitRangeItem.MIN, "min", item.min());
        var max = new Bound(LimitRangeItem.MAX, "max", item.max());
        var limit = new Bound(LimitRangeItem.DEFAULT, "default", item.defaultValue());
        var request = new Bound(LimitRangeItem.DEFAULT_REQUEST, "default request", item.defaultRequest());
        var names = new TreeSet<>(item.maxLimitRequestRatio().keySet());
        for (var bound : List.of(min, max, limit, request)) names.addAll(bound.amounts.keySet());
        for (var name : names) {
            ordered(min, max, "max", min, name, path, check);
            ordered(min, request, request.words, request, name, path, check);
            ordered(request, max, "max", request, name, path, check);
            ordered(request, limit, "default limit", request, name, path, check);
            ordered(min, limit, "default", limit, name, path, check);
            ordered(limit, max, "max", limit, name, path, check);
            var ratio = item.maxLimitRequestRatio().get(name);
            var at = path + ".maxLimitRequestRatio[" + name + "]";
            if (ratio != null) ratio(ratio, min.amounts.get(name), max.amounts.get(name), at, check);
        }
    }

    /// A ratio that is none, or that the bounds rule out anyway.
    private static void ratio(
            Quantity ratio, @Nullable Quantity least, @Nullable Quantity most, String path, Check check) {
        if (least != null && most != null && least.value().signum() != 0) {
            double limit = most.value().doubleValue() / least.value().doubleValue();
            if (ratio.value().doubleValue() > limit)
                check.invalid(
                        path,
                        ratio.toString(),
                        String.format(Locale.ROOT, "ratio %s is greater than max/min = %f", ratio, limit));
        }
        if (ratio.compareTo(ONE) < 0) check.invalid(path, ratio.toString(), "ratio " + ratio + " is less than 1");
    }

    /// @param highWords what the error calls the upper of the two
    /// @param blamed which of the two fields the error names
    private static void ordered(
            Bound low, Bound high, String highWords, Bound blamed, String name, String path, Check check) {
        var least = low.amounts.get(name);
        var most = high.amounts.get(name);
        if (least == null || most == null || least.compareTo(most) <= 0) return;
        // Of a default the original shows the bound that it breaks.
        boolean lower = blamed == low != blamed.field.equals(LimitRangeItem.DEFAULT);
        check.invalid(
                path + "." + blamed.field + "[" + name + "]",
                (lower ? least : most).toString(),
                low.words + " value " + least + " is greater than " + highWords + " value " + most);
    }
}
