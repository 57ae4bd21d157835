package io.navarch.controllers.namespace;

import io.navarch.reconcile.Reason;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Why a deleted namespace is still there.
sealed interface Remaining extends Reason {
    /// @param instances how many objects there are of each resource
    record Resources(SortedMap<String, Integer> instances) implements Remaining {
        @Override
        public String reason() {
            return "SomeResourcesRemain";
        }

        @Override
        public String message() {
            return "Some resources are remaining: "
                    + instances.entrySet().stream()
                            .map(entry -> entry.getKey() + " has " + entry.getValue() + " resource instances")
                            .collect(Collectors.joining(", "));
        }
    }

    /// @param instances how many objects wait for each finalizer
    record Finalizers(SortedMap<String, Integer> instances) implements Remaining {
        @Override
        public String reason() {
            return "SomeFinalizersRemain";
        }

        @Override
        public String message() {
            return "Some content in the namespace has finalizers remaining: "
                    + instances.entrySet().stream()
                            .map(entry -> entry.getKey() + " in " + entry.getValue() + " resource instances")
                            .collect(Collectors.joining(", "));
        }
    }

    /// @param versions of groups whose server does not say now what it has
    record Undiscovered(List<String> versions) implements Remaining {
        @Override
        public String reason() {
            return "DiscoveryFailed";
        }

        @Override
        public String message() {
            return "Discovery failed for some groups, " + versions.size()
                    + " failing: unable to retrieve the complete list of server APIs: "
                    + versions.stream()
                            .sorted()
                            .map(version -> version + ": stale GroupVersion discovery: " + version)
                            .collect(Collectors.joining(", "));
        }
    }

    /// @param causes why objects could not be listed
    record Unread(List<String> causes) implements Remaining {
        @Override
        public String reason() {
            return "ContentDeletionFailed";
        }

        @Override
        public String message() {
            return "Failed to delete all resource types, " + causes.size() + " remaining: "
                    + causes.stream().sorted().collect(Collectors.joining(", "));
        }
    }

    static Undiscovered undiscovered(List<String> versions) {
        return new Undiscovered(versions);
    }

    static Unread unread(List<String> causes) {
        return new Unread(causes);
    }

    static Resources resources(List<Contents> contents) {
        var instances = new TreeMap<String, Integer>();
        for (var each : contents)
            instances.put(each.type().plural() + "." + each.type().group(), each.objects());
        return new Resources(instances);
    }

    static Finalizers finalizers(List<Contents> contents) {
        var instances = new TreeMap<String, Integer>();
        for (var each : contents) {
            each.finalizers().forEach((finalizer, count) -> instances.merge(finalizer, count, Integer::sum));
        }
        return new Finalizers(instances);
    }
}
