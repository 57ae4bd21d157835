package io.navarch.reconcile;

import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Writes down what is written, and refuses what a test wants refused.
final class FakeApi implements ApiWriter {
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    final List<View> written = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, ApiException> refused = new HashMap<>();
    private final AtomicInteger revision = new AtomicInteger(100);

    /// @param call verb and name, such as `create a`
    FakeApi refuse(String call, ApiException error) {
        refused.put(call, error);
        return this;
    }

    private View called(String verb, String name, Map<String, Object> object) {
        calls.add(verb + " " + name);
        var error = refused.get(verb + " " + name);
        if (error != null) throw error;
        var copy = Trees.copy(object);
        Trees.put(copy, String.valueOf(revision.incrementAndGet()), "metadata", "resourceVersion");
        written.add(View.of(copy));
        return View.of(copy);
    }

    @Override
    public View create(ResourceType<?> type, Map<String, Object> object) {
        return called("create", View.of(object).name(), object);
    }

    @Override
    public View update(ResourceType<?> type, Map<String, Object> object, String subresource) {
        return called("update", View.of(object).name(), object);
    }

    @Override
    public View patch(ResourceType<?> type, ObjectKey key, String subresource, Object patch) {
        return called("patch", key.name(), View.of(patch).map());
    }

    @Override
    public View apply(ResourceType<?> type, Map<String, Object> object, String subresource, String manager) {
        return called("apply", View.of(object).name(), object);
    }

    @Override
    public View delete(
            ResourceType<?> type, ObjectKey key, String uid, Optional<Long> graceSeconds, String propagation) {
        return called("delete", key.name(), Trees.map("kind", type.kind()));
    }

    @Override
    public void deleteCollection(ResourceType<?> type, String namespace) {
        called("deletecollection", namespace, Trees.map());
    }
}
