package io.navarch.apiserver.read;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.request.RequestContext;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Kinds whose objects are not stored but made for every answer (ComponentStatus). They can be read, not watched.
public final class ComputedKinds {
    private final ReadHandler reads;
    private final Map<String, Supplier<List<Map<String, Object>>>> sources;

    /// @param sources the objects there are now, by the kind's plural
    public ComputedKinds(ReadHandler reads, Map<String, Supplier<List<Map<String, Object>>>> sources) {
        this.reads = reads;
        this.sources = sources;
    }

    public void serve(RequestContext context) throws IOException {
        var kind = context.endpoint.kind();
        var all = new ArrayList<StoredObject>();
        for (var object : sources.get(kind.plural()).get()) {
            var key = context.endpoint.key("", View.of(object).name());
            all.add(StoredObject.of(key, Json.write(object), 0, kind));
        }
        if (context.info.verb().equals("list")) {
            reads.respondAll(context, all);
            return;
        }
        var name = context.info.name();
        for (var stored : all) {
            if (!stored.name().equals(name)) continue;
            reads.respond(context, 200, stored);
            return;
        }
        throw context.endpoint.notFound(name);
    }
}
