package io.navarch.kinds.resourceslice;

import io.navarch.kinds.deviceclass.DeviceNames;
import io.navarch.kinds.pod.AffinityRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.Device;
import io.navarch.model.DeviceAttribute;
import io.navarch.model.ResourcePool;
import io.navarch.model.ResourceSlice;
import io.navarch.model.ResourceSliceSpec;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// ResourceSlice: devices of a driver, and the nodes that can use them.
public final class ResourceSliceKind {
    private ResourceSliceKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.RESOURCE_SLICES)
                .showsDeleted()
                .version(
                        types.get("V1ResourceSlice"),
                        columns -> columns.name()
                                .text("Node", ResourceSliceKind::nodeName)
                                .text("Driver", ResourceSliceKind::driver)
                                .text("Pool", slice -> slice.spec().pool().name())
                                .age())
                .withGeneration()
                .field("spec.driver", ResourceSliceKind::driver)
                .field("spec.nodeName", ResourceSliceKind::nodeName)
                .unknownField(label -> "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: " + label)
                .preparedBy(ResourceSlice::edit, ResourceSliceKind::prepare)
                .ruledBy((slice, old) -> check(slice.spec(), old.spec()))
                .build();
    }

    /// Attributes with several values are off unless asked for, as in the original; a slice that has them keeps them.
    private static void prepare(ResourceSlice.Builder slice, ResourceSlice old) {
        // Behind a gate that is closed.
        slice.editSpec(spec -> spec.editDevices(Device.Builder::clearNodeAllocatableResourceMappings));
        if (listed(old) || !listed(slice.build())) return;
        slice.editSpec(spec -> spec.editDevices(
                device -> device.attributes(single(device.build().attributes()))));
    }

    private static Map<String, DeviceAttribute> single(Map<String, DeviceAttribute> attributes) {
        var result = new LinkedHashMap<String, DeviceAttribute>();
        attributes.forEach((name, attribute) -> result.put(
                name,
                attribute.toBuilder()
                        .clearBools()
                        .clearInts()
                        .clearStrings()
                        .clearVersions()
                        .build()));
        return result;
    }

    private static boolean listed(ResourceSlice slice) {
        return slice.spec().devices().stream()
                .flatMap(device -> device.attributes().values().stream())
                .anyMatch(DeviceSliceRules::listed);
    }

    private static String nodeName(ResourceSlice slice) {
        return slice.spec().nodeName();
    }

    private static String driver(ResourceSlice slice) {
        return slice.spec().driver();
    }

    private static List<FieldError> check(ResourceSliceSpec spec, ResourceSliceSpec old) {
        var check = new Check();
        DeviceNames.driver(spec.driver(), "spec.driver", check);
        DeviceNames.pool(spec.pool().name(), "spec.pool.name", check);
        long slices = spec.pool().resourceSliceCount();
        if (slices <= 0)
            check.add(FieldError.invalid("spec.pool.resourceSliceCount", slices, "must be greater than zero"));
        if (spec.pool().generation() < 0)
            check.invalid("spec.pool.generation", spec.pool().generation(), "must be greater than or equal to zero");
        nodes(spec, check);
        if (spec.hasSharedCounters() && spec.hasDevices())
            check.invalid("spec", "", "only one of `sharedCounters` or `devices` is allowed");
        DeviceSliceRules.check(spec, old, check);
        if (old.exists()) {
            check.immutable(spec, old, "spec", ResourceSliceSpec.DRIVER, ResourceSliceSpec.NODE_NAME);
            check.immutable(spec.pool(), old.pool(), "spec.pool", ResourcePool.NAME);
        }
        return check.errors();
    }

    private static void nodes(ResourceSliceSpec spec, Check check) {
        var ways = Stream.of(
                        spec.nodeName().isEmpty() ? "" : "`nodeName`",
                        spec.hasNodeSelector() ? "`nodeSelector`" : "",
                        spec.allNodes() ? "`allNodes`" : "",
                        spec.perDeviceNodeSelection() ? "`perDeviceNodeSelection`" : "")
                .filter(way -> !way.isEmpty())
                .toList();
        if (spec.hasNodeName() && spec.nodeName().isEmpty())
            check.invalid("spec.nodeName", "", "must be either unset or set to a non-empty string");
        if (spec.hasNodeSelector()) {
            var terms = spec.nodeSelector().nodeSelectorTerms();
            AffinityRules.nodeSelector(spec.nodeSelector(), "spec.nodeSelector", check);
            if (terms.size() != 1)
                check.invalid(
                        "spec.nodeSelector.nodeSelectorTerms",
                        terms.isEmpty()
                                ? null
                                : terms.stream().map(term -> term.view().map()).toList(),
                        "must have exactly one node selector term");
        }
        var one = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
        if (ways.isEmpty()) check.add(FieldError.required("spec", one));
        if (spec.hasAllNodes() && !spec.allNodes())
            check.invalid("spec.allNodes", false, "must be either unset or set to true");
        if (spec.hasPerDeviceNodeSelection() && !spec.perDeviceNodeSelection())
            check.invalid("spec.perDeviceNodeSelection", false, "must be either unset or set to true");
        if (ways.size() > 1)
            check.invalid("spec", "{" + String.join(", ", ways) + "}", one + ", but multiple fields are set");
    }
}
