package io.navarch.apiserver.custom;

import io.navarch.model.CustomResourceDefinition;
import io.navarch.model.CustomResourceDefinitionNames;
import io.navarch.objects.GoText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which definition has which names of its group. Whoever came first keeps a name: two kinds of one name would
/// take each other's objects for their own, and the garbage collector would look for owners in the wrong place.
final class NameClaims {
    private record Claim(String group, CustomResourceDefinitionNames names) {}

    /// By the name of the definition.
    private final Map<String, Claim> claims = new HashMap<>();

    /// @param accepted the names that the definition has from now on
    /// @param conflict what is wrong with the others that it asked for
    record Verdict(CustomResourceDefinitionNames accepted, Optional<Conflict> conflict) {}

    /// @param reason which name is in use
    record Conflict(String reason, String message) {}

    /// Notes the names that a definition has.
    ///
    /// @return whether it had others before, which are free now
    boolean note(String definition, String group, CustomResourceDefinitionNames names) {
        var before = claims.put(definition, new Claim(group, names));
        return before != null && !before.names.semanticEquals(names);
    }

    void release(String definition) {
        claims.remove(definition);
    }

    /// Which of the names that a definition asks for it gets.
    Verdict judge(CustomResourceDefinition definition) {
        var asked = definition.spec().names();
        var had = definition.status().acceptedNames();
        var resources = new HashSet<String>();
        var kinds = new HashSet<String>();
        claims.forEach((name, claim) -> {
            if (name.equals(definition.name())
                    || !claim.group.equals(definition.spec().group())) return;
            resources.add(claim.names.plural());
            resources.add(claim.names.singular());
            resources.addAll(claim.names.shortNames());
            kinds.add(claim.names.kind());
            kinds.add(claim.names.listKind());
        });
        var accepted = asked.toBuilder();
        Conflict conflict = null;
        if (taken(asked.plural(), had.plural(), resources)) {
            conflict = inUse("PluralConflict", asked.plural());
            accepted.plural(had.plural());
        }
        if (taken(asked.singular(), had.singular(), resources)) {
            conflict = inUse("SingularConflict", asked.singular());
            accepted.singular(had.singular());
        }
        var shorts = takenShortNames(asked.shortNames(), had.shortNames(), resources);
        if (!shorts.isEmpty()) {
            conflict = new Conflict(
                    "ShortNamesConflict",
                    shorts.size() == 1 ? shorts.getFirst() : "[" + String.join(", ", shorts) + "]");
            accepted.shortNames(had.shortNames());
        }
        if (taken(asked.kind(), had.kind(), kinds)) {
            conflict = inUse("KindConflict", asked.kind());
            accepted.kind(had.kind());
        }
        if (taken(asked.listKind(), had.listKind(), kinds)) {
            conflict = inUse("ListKindConflict", asked.listKind());
            accepted.listKind(had.listKind());
        }
        return new Verdict(accepted.build(), Optional.ofNullable(conflict));
    }

    private static boolean taken(String asked, String had, Set<String> used) {
        return !asked.equals(had) && used.contains(asked);
    }

    private static List<String> takenShortNames(List<String> asked, List<String> had, Set<String> used) {
        var taken = new ArrayList<String>();
        for (var name : asked) {
            if (had.contains(name) || !used.contains(name)) continue;
            var message = message(name);
            if (!taken.contains(message)) taken.add(message);
        }
        return taken;
    }

    private static Conflict inUse(String reason, String name) {
        return new Conflict(reason, message(name));
    }

    private static String message(String name) {
        return GoText.quoted(name) + " is already in use";
    }
}
