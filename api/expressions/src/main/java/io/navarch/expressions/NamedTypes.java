package io.navarch.expressions;

import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.StructType;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The types of the variables that a policy names, which are fields of one: they become known one after another, each
/// from an expression that may use those before.
final class NamedTypes {
    static final String VARIABLE = "variables";

    private static final String ANY = "dyn";
    private static final Set<String> PLAIN =
            Set.of("bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration", "null");

    private static final String TYPE = "kubernetes.variables";

    private final Optional<ImmutableSet<String>> names;
    private final Map<String, String> types = new ConcurrentHashMap<>();

    /// Where there is no such variable.
    NamedTypes() {
        names = Optional.empty();
    }

    /// @param names all that there will be
    NamedTypes(Collection<String> names) {
        this.names = Optional.of(ImmutableSet.copyOf(names));
    }

    /// What a variable comes to is known as far as it is made of simple types, lists and maps.
    void declare(String name, String type) {
        types.put(name, plain(type));
    }

    private static String plain(String type) {
        int open = type.indexOf('<');
        if (open < 0) return PLAIN.contains(type) ? type : ANY;
        var inside = Declarations.split(type.substring(open + 1, type.length() - 1)).stream()
                .map(NamedTypes::plain)
                .toList();
        var head = type.substring(0, open);
        return head.equals("list") || head.equals("map") ? head + "<" + String.join(",", inside) + ">" : ANY;
    }

    @SuppressWarnings("Immutable") // What has a type keeps it.
    Optional<CelType> type(Declarations declared) {
        return names.map(all -> StructType.create(
                TYPE, all, name -> Optional.ofNullable(types.get(name)).map(declared::type)));
    }
}
