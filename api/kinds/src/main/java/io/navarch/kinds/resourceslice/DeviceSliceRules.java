package io.navarch.kinds.resourceslice;

import io.navarch.kinds.deviceclass.DeviceNames;
import io.navarch.kinds.deviceclass.DeviceRules;
import io.navarch.kinds.support.Check;
import io.navarch.model.Counter;
import io.navarch.model.CounterSet;
import io.navarch.model.Device;
import io.navarch.model.DeviceAttribute;
import io.navarch.model.DeviceCounterConsumption;
import io.navarch.model.DeviceTaint;
import io.navarch.model.DeviceTaintEffect;
import io.navarch.model.Enumeration;
import io.navarch.model.ResourceSliceSpec;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the devices of a slice must be.
final class DeviceSliceRules {
    private static final int MOST = 128;
    /// With devices that are tainted, share counters or have lists of values.
    private static final int MOST_ADVANCED = 64;

    private static final int SHARED_SETS = 8;
    private static final int CONSUMED_SETS = 2;
    private static final int COUNTERS = 32;
    private static final int TAINTS = 16;
    private static final int NAMED = 32;
    private static final int VALUES = 48;
    private static final int LONGEST = 64;

    /// Source: https://semver.org
    private static final Pattern VERSION = Pattern.compile(
            "(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(\\.(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?");

    private DeviceSliceRules() {}

    static void check(ResourceSliceSpec spec, ResourceSliceSpec old, Check check) {
        boolean advanced = spec.devices().stream()
                .anyMatch(device -> !device.taints().isEmpty()
                        || !device.consumesCounters().isEmpty()
                        || device.attributes().values().stream().anyMatch(DeviceSliceRules::listed));
        var before = new HashMap<String, Device>();
        for (var device : old.devices()) before.putIfAbsent(device.name(), device);
        set(
                spec.devices(),
                advanced ? MOST_ADVANCED : MOST,
                Device::name,
                "spec.devices",
                check,
                (device, at) -> device(device, before.get(device.name()), spec.perDeviceNodeSelection(), at, check));
        set(spec.sharedCounters(), SHARED_SETS, CounterSet::name, "spec.sharedCounters", check, (set, at) -> {
            if (check.required(set.name(), at + ".name"))
                check.name(set.name(), at + ".name", Names.dnsLabel(set.name()));
            counters(set.counters(), at + ".counters", check);
        });
    }

    static boolean listed(DeviceAttribute attribute) {
        return attribute.hasBools() || attribute.hasInts() || attribute.hasStrings() || attribute.hasVersions();
    }

    private static <T> void set(
            List<T> elements, int most, Function<T, String> key, String path, Check check, BiConsumer<T, String> rule) {
        if (!check.few(elements.size(), most, path)) return;
        Check.each(elements, path, rule);
        var keys = new HashSet<String>();
        Check.each(elements, path, (element, at) -> {
            if (!keys.add(key.apply(element))) check.duplicate(at, key.apply(element));
        });
    }

    private static void device(Device device, @Nullable Device old, boolean placed, String at, Check check) {
        check.name(device.name(), at + ".name", Names.dnsLabel(device.name()));
        int named = device.attributes().size() + device.capacity().size();
        if (named > NAMED)
            check.invalid(at, named, "the total number of attributes and capacities must not exceed " + NAMED);
        int values = device.attributes().values().stream()
                .mapToInt(DeviceSliceRules::values)
                .sum();
        if (values > VALUES)
            check.invalid(at, values, "the total number of attribute values must not exceed " + VALUES);
        device.attributes().forEach((name, attribute) -> {
            DeviceNames.qualified(name, at + ".attributes", check);
            attribute(attribute, at + ".attributes[" + name + "]", check);
        });
        device.capacity().forEach((name, capacity) -> {
            DeviceNames.qualified(name, at + ".capacity", check);
            if (capacity.hasRequestPolicy() && !device.allowMultipleAllocations())
                check.forbidden(at + ".capacity[" + name + "].requestPolicy", "allowMultipleAllocations must be true");
        });
        place(device, placed, at, check);
        if (old == null || !old.taints().equals(device.taints())) taints(device.taints(), at + ".taints", check);
        set(
                device.consumesCounters(),
                CONSUMED_SETS,
                DeviceCounterConsumption::counterSet,
                at + ".consumesCounters",
                check,
                (consumption, here) -> {
                    var set = consumption.counterSet();
                    if (check.required(set, here + ".counterSet"))
                        check.name(set, here + ".counterSet", Names.dnsLabel(set));
                    counters(consumption.counters(), here + ".counters", check);
                });
        DeviceRules.binding(device.bindingConditions(), device.bindingFailureConditions(), at, check);
    }

    private static void taints(List<DeviceTaint> taints, String path, Check check) {
        if (!check.few(taints.size(), TAINTS, path)) return;
        Check.each(taints, path, (taint, at) -> {
            check.name(taint.key(), at + ".key", Names.qualifiedName(taint.key()));
            if (!taint.value().isEmpty()) check.name(taint.value(), at + ".value", Names.labelValue(taint.value()));
            var effect = taint.raw(DeviceTaint.EFFECT).string();
            if (check.required(effect, at + ".effect") && !taint.effect().known())
                check.notSupported(at + ".effect", effect, Enumeration.texts(DeviceTaintEffect.values()));
        });
    }

    /// How many values an attribute has: one, unless it is a list of them.
    private static int values(DeviceAttribute attribute) {
        int listed = attribute.bools().size()
                + attribute.ints().size()
                + attribute.strings().size()
                + attribute.versions().size();
        return Math.max(1, listed);
    }

    private static void attribute(DeviceAttribute attribute, String at, Check check) {
        long values = Stream.of(
                        attribute.hasBool(),
                        attribute.hasIntValue(),
                        attribute.hasString(),
                        attribute.hasVersion(),
                        attribute.hasBools(),
                        attribute.hasInts(),
                        attribute.hasStrings(),
                        attribute.hasVersions())
                .filter(has -> has)
                .count();
        if (attribute.hasString()) text(attribute.string(), at + ".string", check);
        if (attribute.hasVersion()) version(attribute.version(), at + ".version", check);
        Check.each(attribute.strings(), at + ".strings", (text, here) -> text(text, here, check));
        Check.each(attribute.versions(), at + ".versions", (text, here) -> version(text, here, check));
        if (values == 0) check.invalid(at, "", "exactly one value must be specified");
        if (values > 1) check.invalid(at, attribute.view().map(), "exactly one value must be specified");
    }

    private static void text(String text, String at, Check check) {
        if (text.length() > LONGEST) check.add(FieldError.tooLong(at, "may not be more than " + LONGEST + " bytes"));
    }

    private static void version(String version, String at, Check check) {
        // The pattern needs stack for each part.
        if (version.length() > LONGEST || !VERSION.matcher(version).matches())
            check.invalid(at, version, "must be a string compatible with semver.org spec 2.0.0");
        text(version, at, check);
    }

    private static void place(Device device, boolean placed, String at, Check check) {
        if (!placed) {
            if (device.hasNodeName() || device.hasNodeSelector() || device.hasAllNodes())
                check.invalid(
                        at,
                        null,
                        "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set"
                                + " to true in the ResourceSlice spec");
            return;
        }
        if (device.hasAllNodes() && !device.allNodes())
            check.invalid(at + ".allNodes", false, "must be either unset or set to true");
        var ways = Stream.of(
                        device.nodeName().isEmpty() ? "" : "`nodeName`",
                        device.hasNodeSelector() ? "`nodeSelector`" : "",
                        device.allNodes() ? "`allNodes`" : "")
                .filter(way -> !way.isEmpty())
                .toList();
        var one = "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when"
                + " `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
        if (ways.isEmpty()) check.missing(at, one);
        if (ways.size() > 1) check.invalid(at, "{" + String.join(", ", ways) + "}", one);
    }

    private static void counters(Map<String, Counter> counters, String path, Check check) {
        if (counters.isEmpty()) check.add(FieldError.required(path));
        else if (check.few(counters.size(), COUNTERS, path))
            counters.keySet().forEach(name -> check.name(name, path, Names.dnsLabel(name)));
    }
}
