package io.navarch.controllers;

import io.navarch.client.Cache;
import io.navarch.model.ApiObject;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.LabelSelector.Operator;
import io.navarch.objects.LabelSelector.Requirement;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Which objects a selector picks, and which selectors pick an object, without a look at all others of the namespace:
/// objects are found by each of their labels, selectors by one label that they require.
public final class LabelIndex {
    private static final String LABELS = "labels";
    private static final String SELECTORS = "selectors";

    private LabelIndex() {}

    /// Keeps the index that [#picked] reads.
    public static <T extends ApiObject> void ofLabels(Cache<T> cache) {
        cache.indexedBy(LABELS, object -> entries(object.namespace(), object.labels()));
    }

    /// Keeps the index that [#picking] reads.
    ///
    /// @param selector of an object, empty when it picks nothing
    public static <T extends ApiObject> void ofSelectors(
            Cache<T> cache, Function<T, Optional<LabelSelector>> selector) {
        cache.indexedBy(
                SELECTORS,
                object -> selector.apply(object)
                        .map(each ->
                                required(object.namespace(), each).findFirst().orElse(whole(object.namespace())))
                        .map(List::of)
                        .orElse(List.of()));
    }

    /// The objects of a namespace that a selector picks.
    public static <T extends ApiObject> Stream<T> picked(Cache<T> cache, String namespace, LabelSelector selector) {
        var rarest = required(namespace, selector).min(Comparator.comparingInt(entry -> cache.count(LABELS, entry)));
        var candidates =
                rarest.map(entry -> cache.byIndex(LABELS, entry)).orElseGet(() -> cache.inNamespace(namespace));
        return candidates.stream().filter(object -> selector.matches(object.labels()));
    }

    /// The objects of a namespace whose selectors may pick something with these labels.
    public static <T extends ApiObject> Stream<T> picking(
            Cache<T> cache, String namespace, Map<String, String> labels) {
        return Stream.concat(Stream.of(whole(namespace)), entries(namespace, labels).stream())
                .flatMap(entry -> cache.byIndex(SELECTORS, entry).stream());
    }

    private static Stream<String> required(String namespace, LabelSelector selector) {
        return selector.requirements().stream()
                .filter(each -> each.operator() == Operator.IN && each.values().size() == 1)
                .map(each -> entry(namespace, each.key(), value(each)));
    }

    private static String value(Requirement requirement) {
        return requirement.values().iterator().next();
    }

    private static List<String> entries(String namespace, Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> entry(namespace, label.getKey(), label.getValue()))
                .toList();
    }

    private static String entry(String namespace, String label, String value) {
        return whole(namespace) + label + "=" + value;
    }

    /// What selectors that require no one label are found by.
    private static String whole(String namespace) {
        return namespace + "/";
    }
}
