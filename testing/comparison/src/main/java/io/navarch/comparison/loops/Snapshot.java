package io.navarch.comparison.loops;

import io.navarch.comparison.Comparison;
import io.navarch.comparison.Normal;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is in a scenario's namespace, without what no two runs have in common.
///
/// @param groups alike objects by kind and name, sorted by their content
record Snapshot(SortedMap<String, List<String>> groups) {
    /// Hashes of templates: the original's are of a Go structure, no client computes them.
    private static final Pattern HASH = Pattern.compile("\\b[bcdfghjklmnpqrstvwxz2456789]{8,10}\\b");

    private static final Pattern SUFFIX = Pattern.compile("-[bcdfghjklmnpqrstvwxz2456789]{5}\\b");
    /// A CronJob's Jobs are named by the minute of their time.
    private static final Pattern MINUTE = Pattern.compile("-\\d{8}\\b");

    private static final Pattern ADDRESS = Pattern.compile("\\b10\\.9\\.\\d+\\.\\d+\\b");
    /// Among equal nodes the scheduler throws dice.
    private static final Pattern NODE = Pattern.compile("\\bplayed-[abc]\\b");

    private static final Pattern SIGNATURE =
            Pattern.compile("(?s)-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n?");
    private static final Pattern CREATED = Pattern.compile("202[6-9]-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[^\" ]*");

    /// Events about what goes wrong again and again: how often is a matter of pace.
    private static final List<String> REPEATED = List.of(
            "Failed",
            "NoPods",
            "Calculate",
            "UnmanagedPods",
            "Normal ExternalProvisioning",
            "ProvisioningFailed",
            "Normal WaitFor",
            "Normal NoPods");

    static Snapshot of(List<View> objects, List<View> events) {
        var groups = new TreeMap<String, List<String>>();
        for (var object : objects) {
            var tree = normal(object);
            var name = object.get("kind").string() + " " + View.of(tree).name();
            groups.computeIfAbsent(name, key -> new ArrayList<>()).add(Json.writeString(tree));
        }
        groups.values().forEach(alike -> alike.sort(null));
        var told = new TreeMap<String, Long>();
        for (var event : events)
            told.merge(
                    text(event),
                    event.get("count").longOr(event.get("series").get("count").longOr(1)),
                    Long::sum);
        told.forEach((line, count) -> groups.computeIfAbsent("Events", key -> new ArrayList<>())
                .add((isRepeated(line) ? "" : count + " x ") + line));
        return new Snapshot(groups);
    }

    private static boolean isRepeated(String line) {
        return REPEATED.stream().anyMatch(start -> line.startsWith(start) || line.startsWith("Warning " + start));
    }

    private static String text(View event) {
        var about = event.get("involvedObject");
        var source = event.get("source")
                .get("component")
                .stringOr(event.get("reportingComponent").string());
        return words("%s %s %s/%s %s: %s"
                .formatted(
                        event.get("type").string(),
                        event.get("reason").string(),
                        about.get("kind").string(),
                        about.name(),
                        source,
                        event.get("message").string()));
    }

    private static Map<String, Object> normal(View object) {
        var tree = new LinkedHashMap<>(Trees.copy(object.map()));
        var metadata = Trees.child(tree, "metadata");
        metadata.put("managedFields", managers(object));
        metadata.remove("selfLink");
        var name = object.name();
        // Tokens and certificates are each cluster's own; an empty one is not.
        if (object.get("type").string().equals("kubernetes.io/service-account-token"))
            Trees.child(tree, "data").replaceAll((key, value) -> key.equals("namespace") ? value : "*");
        if (object.get("status").get("certificate").exists()) Trees.put(tree, "*", "status", "certificate");
        // How far the last change is behind the others differs with the pace.
        if (object.get("kind").string().equals("Lease")) tree.remove("spec");
        var result = View.of(values(Normal.of(tree))).map();
        Trees.put(result, words(name), "metadata", "name");
        return result;
    }

    /// Who wrote by which means; which fields is compared by the sequences.
    private static List<String> managers(View object) {
        var managers = new TreeSet<String>();
        for (var entry : object.metadata().get("managedFields").views())
            managers.add((entry.get("manager").string() + " "
                            + entry.get("operation").string() + " "
                            + entry.get("subresource").string())
                    .strip());
        return List.copyOf(managers);
    }

    private static Object values(@Nullable Object tree) {
        return switch (tree) {
            case Map<?, ?> map -> {
                var result = new TreeMap<String, Object>();
                map.forEach((key, value) -> result.put(words(String.valueOf(key)), values(value)));
                yield new LinkedHashMap<>(result);
            }
            case List<?> list -> sorted(list);
            case String text -> words(text);
            case null -> "null";
            default -> tree;
        };
    }

    /// Sorted where the order is that of what has been normalised: endpoints, conditions by their time.
    private static List<Object> sorted(List<?> list) {
        var result = new ArrayList<Object>();
        for (var element : list) result.add(values(element));
        boolean endpoints = result.stream()
                .allMatch(each -> View.of(each).get("addresses").exists()
                        || View.of(each).get("targetRef").exists()
                        || View.of(each).get("lastTransitionTime").exists());
        if (endpoints) result.sort((one, other) -> Json.writeString(one).compareTo(Json.writeString(other)));
        return result;
    }

    private static String words(String text) {
        var result = Normal.text(text);
        result = CREATED.matcher(result).replaceAll("*");
        result = ADDRESS.matcher(result).replaceAll("10.9.*");
        result = NODE.matcher(result).replaceAll("played-*");
        result = SIGNATURE.matcher(result).replaceAll("CERTIFICATE");
        result = HASH.matcher(result).replaceAll("HASH");
        result = MINUTE.matcher(result).replaceAll("-MINUTE");
        return SUFFIX.matcher(result).replaceAll("-*");
    }

    /// What differs in each group that either has.
    SortedMap<String, List<String>> differences(Snapshot original) {
        var result = new TreeMap<String, List<String>>();
        for (var name : names(original)) {
            var mine = groups.getOrDefault(name, List.of());
            var theirs = original.groups.getOrDefault(name, List.of());
            result.put(name, name.equals("Events") ? lines(mine, theirs) : objects(name, mine, theirs));
        }
        return result;
    }

    private TreeSet<String> names(Snapshot original) {
        var names = new TreeSet<>(groups.keySet());
        names.addAll(original.groups.keySet());
        return names;
    }

    private static List<String> lines(List<String> ours, List<String> theirs) {
        var details = new ArrayList<String>();
        for (var line : ours) if (!theirs.contains(line)) details.add("event, ours only: " + line);
        for (var line : theirs) if (!ours.contains(line)) details.add("event, original only: " + line);
        return details;
    }

    private static List<String> objects(String name, List<String> ours, List<String> theirs) {
        if (ours.size() != theirs.size())
            return List.of(name + ": " + ours.size() + " | " + theirs.size() + " of them");
        var kind = name.substring(0, name.indexOf(' '));
        var details = new TreeSet<String>();
        for (int i = 0; i < ours.size(); i++)
            for (var place : Comparison.places(Json.parse(ours.get(i)), Json.parse(theirs.get(i))))
                details.add(kind + place);
        return List.copyOf(details);
    }
}
