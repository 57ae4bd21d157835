package io.navarch.serviceproxy;

import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.serviceproxy.Ruleset.Element;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// What is in the table because of which object. A change costs as much as the objects that changed have rules: all
/// others are not looked at. Owned by the proxy's thread.
final class ProxyTable {
    /// Why rules are there: a Service, or a pod with host ports.
    record Owner(ResourceType<?> type, ObjectKey key) {}

    private final Map<Owner, Ruleset> owners = new HashMap<>();
    /// Two objects may want the same element, such as an external address: then the last by name has it.
    private final Map<Element, SortedMap<Owner, String>> wanted = new TreeMap<>();

    /// Puts new rules in the place of those that these objects had.
    ///
    /// @return the commands that do the same in the kernel, `""` when nothing changes
    String replace(Map<Owner, Ruleset> changes) {
        var elements = new TreeSet<Element>();
        changes.forEach((owner, rules) -> {
            elements.addAll(rulesOf(owner).elements().keySet());
            elements.addAll(rules.elements().keySet());
        });
        var before = joined(changes.keySet(), elements);
        changes.forEach(this::replace);
        return joined(changes.keySet(), elements).changesFrom(before);
    }

    private void replace(Owner owner, Ruleset rules) {
        for (var element : rulesOf(owner).elements().keySet())
            wanted.computeIfPresent(element, (each, by) -> {
                by.remove(owner);
                return by.isEmpty() ? null : by;
            });
        rules.elements()
                .forEach((element, chain) -> wanted.computeIfAbsent(
                                element, each -> new TreeMap<>(Comparator.comparing(Owner::toString)))
                        .put(owner, chain));
        if (rules.equals(Ruleset.EMPTY)) owners.remove(owner);
        else owners.put(owner, rules);
    }

    /// Takes out what the kernel does not want, object by object, so that one of them never keeps the rest out.
    ///
    /// @param refused whether these rules by themselves are refused
    /// @return whose rules have been taken out
    List<Owner> withdraw(Predicate<Ruleset> refused) {
        var withdrawn = owners.entrySet().stream()
                .filter(entry -> refused.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        for (var owner : withdrawn) replace(owner, Ruleset.EMPTY);
        return withdrawn;
    }

    private Ruleset rulesOf(Owner owner) {
        return owners.getOrDefault(owner, Ruleset.EMPTY);
    }

    Ruleset all() {
        return joined(owners.keySet(), wanted.keySet());
    }

    private Ruleset joined(Collection<Owner> some, Collection<Element> elements) {
        var result = Ruleset.empty();
        for (var owner : some) {
            result.chains().putAll(rulesOf(owner).chains());
            result.affinities().putAll(rulesOf(owner).affinities());
        }
        for (var element : elements) {
            var by = wanted.get(element);
            if (by != null) result.elements().put(element, by.get(by.lastKey()));
        }
        return result;
    }
}
