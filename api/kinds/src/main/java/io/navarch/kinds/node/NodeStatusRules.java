package io.navarch.kinds.node;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.NodeAddress;
import io.navarch.model.NodeStatus;
import io.navarch.model.NodeSystemInfo;
import io.navarch.objects.FieldError;
import io.navarch.objects.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Rules of a node's status, which is written together with a new node and by itself later.
record NodeStatusRules(Check check) {
    private static final Pattern FEATURE = Pattern.compile("[A-Z][a-zA-Z0-9]*(/[a-zA-Z][a-zA-Z0-9]*)*");
    private static final int LONGEST_FEATURE = 253;

    /// What a new node's status must be.
    static void start(NodeStatus status, Check check) {
        var rules = new NodeStatusRules(check);
        rules.amounts(status.capacity(), "status.capacity");
        rules.amounts(status.allocatable(), "status.allocatable");
        rules.features(status.declaredFeatures(), "status.declaredFeatures");
    }

    /// What a new node's swap must be.
    static void swap(NodeSystemInfo info, Check check) {
        if (info.swap().hasCapacity() && info.swap().capacity() <= 0)
            // The original's path.
            check.invalid("metadata.nodeSwapStatus.capacity", info.swap().capacity(), "must be greater than zero");
    }

    static List<FieldError> check(NodeStatus status) {
        var check = new Check();
        start(status, check);
        var seen = new HashSet<Object>();
        Check.each(status.addresses(), "status.addresses", (address, at) -> {
            if (!seen.add(address))
                check.duplicate(at, Check.shown(address.view(), NodeAddress.TYPE, NodeAddress.ADDRESS));
        });
        return check.errors();
    }

    private void amounts(Map<String, Quantity> amounts, String path) {
        amounts.forEach((name, amount) -> {
            check.notNegative(amount, path + "." + name);
            if (name.equals(ResourceNames.PODS) || ResourceNames.extended(name)) check.whole(amount, path + "." + name);
        });
    }

    private void features(List<String> features, String path) {
        for (int i = 0; i < features.size(); i++) {
            var feature = features.get(i);
            var why = "invalid feature name \"" + feature + "\": ";
            if (feature.length() > LONGEST_FEATURE)
                check.invalid(
                        path + "[" + i + "]", feature, why + "must be no more than " + LONGEST_FEATURE + " characters");
            else if (!FEATURE.matcher(feature).matches())
                check.invalid(
                        path + "[" + i + "]",
                        feature,
                        why + "must start with an UpperCamelCase segment, with subsequent segments separated by '/'"
                                + " (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric"
                                + " characters and slashes");
            if (i + 1 == features.size()) return;
            var next = features.get(i + 1);
            var at = path + "[" + (i + 1) + "]";
            if (feature.equals(next)) check.duplicate(at, next);
            else if (feature.compareTo(next) > 0) check.invalid(at, next, "list must be sorted alphabetically");
        }
    }
}
