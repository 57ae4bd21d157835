package io.navarch.apiserver.registry;

import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.objects.Quantity;
import io.navarch.schema.admission.Admission.Amounts;
import java.util.LinkedHashMap;
import java.util.Map;

/// Sums that are asked for again and again; those that were not asked for longest are forgotten.
final class Tallies {
    private static final int MOST = 256;

    private record Question(String prefix, String namespace, Amounts amounts) {}

    private final Map<Question, Tally> known = new LinkedHashMap<>(16, 0.75f, true);

    Map<String, Quantity> of(ObjectCache cache, String namespace, Amounts amounts) {
        return tally(cache, namespace, amounts).sums();
    }

    Quantity of(ObjectCache cache, String namespace, Amounts amounts, String name) {
        return tally(cache, namespace, amounts).sum(name);
    }

    private synchronized Tally tally(ObjectCache cache, String namespace, Amounts amounts) {
        var question = new Question(cache.kind().storagePrefix(), namespace, amounts);
        // A custom resource that went and came again has another cache.
        var tally = known.compute(question, (key, old) -> {
            if (old != null && old.of(cache)) return old;
            if (old != null) old.close();
            return new Tally(cache, namespace, amounts);
        });
        if (known.size() > MOST) {
            var oldest = known.values().iterator();
            oldest.next().close();
            oldest.remove();
        }
        return tally;
    }
}
