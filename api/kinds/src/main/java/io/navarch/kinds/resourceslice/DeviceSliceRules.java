package io.navarch.kinds.resourceslice;

import io.navarch.kinds.deviceclass.DeviceNames;
import io.navarch.kinds.deviceclass.DeviceRules;
import io.navarch.kinds.support.Check;
import io.navarch.model.Device;
import io.navarch.model.DeviceAttribute;
import io.navarch.model.DeviceCounterConsumption;
import io.navarch.model.ResourceSliceSpec;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.HashSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the devices of a slice must be.
final class DeviceSliceRules {
    private static final int COUNTER_SETS = 2;
    private static final int LONGEST = 64;

    /// Source: https://semver.org
    private static final Pattern VERSION = Pattern.compile(
            "(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(\\.(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?");

    private DeviceSliceRules() {}

    static void check(ResourceSliceSpec spec, Check check) {
        var names = new HashSet<String>();
        Check.each(spec.devices(), "spec.devices", (device, at) -> {
            device(device, spec.perDeviceNodeSelection(), at, check);
            if (!names.add(device.name())) check.duplicate(at + ".name", device.name());
        });
    }

    private static void device(Device device, boolean placed, String at, Check check) {
        if (check.required(device.name(), at + ".name"))
            check.name(device.name(), at + ".name", Names.dnsLabel(device.name()));
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
        var consumed = device.consumesCounters();
        if (consumed.size() > COUNTER_SETS) {
            check.add(FieldError.tooMany(
                    at + ".consumesCounters", consumed.size(), "must have at most " + COUNTER_SETS + " items"));
        } else {
            var sets = new HashSet<String>();
            Check.each(consumed, at + ".consumesCounters", (consumption, here) -> {
                counters(consumption, here, check);
                if (!sets.add(consumption.counterSet())) check.duplicate(here, consumption.counterSet());
            });
        }
        DeviceRules.binding(device.bindingConditions(), device.bindingFailureConditions(), at, check);
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
        if (!VERSION.matcher(version).matches())
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

    private static void counters(DeviceCounterConsumption consumption, String at, Check check) {
        if (check.required(consumption.counterSet(), at + ".counterSet"))
            check.name(consumption.counterSet(), at + ".counterSet", Names.dnsLabel(consumption.counterSet()));
        if (consumption.counters().isEmpty()) check.add(FieldError.required(at + ".counters"));
        consumption.counters().keySet().forEach(name -> check.name(name, at + ".counters", Names.dnsLabel(name)));
    }
}
