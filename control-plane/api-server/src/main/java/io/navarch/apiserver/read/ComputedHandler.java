package io.navarch.apiserver.read;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.request.ResourceHandler;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.apiserver.request.SlowLane;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.schema.admission.Verb;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Kinds whose objects are not stored but made for every answer (ComponentStatus). They can be read, not watched.
public final class ComputedHandler implements ResourceHandler {
    private final Map<String, Supplier<List<Map<String, Object>>>> sources;
    private final LongSupplier revision;
    private final ObjectWriter writer;
    private final ListWriter lists;
    private final SlowLane lane;

    /// @param sources makes the objects there are now, by the kind's plural
    /// @param revision the revision that lists are answered as of
    public ComputedHandler(
            Map<String, Supplier<List<Map<String, Object>>>> sources,
            LongSupplier revision,
            ObjectWriter writer,
            ListWriter lists,
            SlowLane lane) {
        this.sources = sources;
        this.revision = revision;
        this.writer = writer;
        this.lists = lists;
        this.lane = lane;
    }

    @Override
    public void serve(ResourceRequest request) throws IOException {
        if (request.info().is(Verb.LIST)) {
            try (var turn = lane.turn(request.call(), request.response().seat())) {
                lists.write(request, new Page(revision.getAsLong(), objects(request)), turn);
            }
            return;
        }
        var name = request.info().name();
        for (var stored : objects(request)) {
            if (!stored.name().equals(name)) continue;
            writer.respond(request, 200, stored);
            return;
        }
        throw request.endpoint().notFound(name);
    }

    private List<StoredObject> objects(ResourceRequest request) {
        var endpoint = request.endpoint();
        var source = Objects.requireNonNull(
                sources.get(endpoint.kind().plural()), endpoint.kind().plural());
        var all = new ArrayList<StoredObject>();
        for (var object : source.get()) {
            var key = endpoint.key("", View.of(object).name());
            all.add(StoredObject.of(key, Json.write(object), 0, endpoint.kind()));
        }
        return all;
    }
}
