package io.navarch.controllers.namespace;

import io.navarch.model.ApiObject;
import io.navarch.objects.ResourceType;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a namespace holds of one resource.
///
/// @param objects how many there are
/// @param living how many of them have not been deleted yet
/// @param finalizers how many objects wait for each
public record Contents(ResourceType<?> type, int objects, int living, SortedMap<String, Integer> finalizers) {
    public static Contents of(ResourceType<?> type, List<? extends ApiObject> objects) {
        var finalizers = new TreeMap<String, Integer>();
        int living = 0;
        for (var object : objects) {
            if (!object.deleting()) living++;
            for (var finalizer : object.metadata().finalizers()) finalizers.merge(finalizer, 1, Integer::sum);
        }
        return new Contents(type, objects.size(), living, finalizers);
    }
}
