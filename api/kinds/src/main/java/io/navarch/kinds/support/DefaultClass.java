package io.navarch.kinds.support;

import io.navarch.model.ApiObject;
import io.navarch.model.ObjectMeta;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The class of objects that name none: the newest that is marked, the first by name among equally old ones.
public final class DefaultClass {
    private DefaultClass() {}

    public static <T extends ApiObject> Optional<T> of(List<T> classes, Predicate<T> marked) {
        var age = Comparator.comparing((T candidate) ->
                candidate.metadata().raw(ObjectMeta.CREATION_TIMESTAMP).string());
        return classes.stream().filter(marked).max(age.thenComparing(ApiObject::name, Comparator.reverseOrder()));
    }
}
