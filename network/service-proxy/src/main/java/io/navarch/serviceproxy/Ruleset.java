package io.navarch.serviceproxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The changing part of the table: chains with their rules, maps and sets with their elements, all by name.
///
/// @param sets names of dynamic sets (session affinity) and their timeouts in seconds
public record Ruleset(Map<String, List<String>> chains, Map<String, Map<String, String>> maps, Map<String, Long> sets) {
    static final String TABLE = "ip navarch";
    static final Ruleset EMPTY = new Ruleset(Map.of(), Map.of(), Map.of());

    /// The commands of one transaction that turn `before` into this; nothing that is the same in both is touched.
    public String changesFrom(Ruleset before) {
        var script = new ArrayList<String>();
        sets.forEach((name, timeout) -> {
            if (!timeout.equals(before.sets.get(name))) {
                if (before.sets.containsKey(name)) script.add("flush set " + TABLE + " " + name);
                else
                    script.add("add set " + TABLE + " " + name + " { type ipv4_addr; flags dynamic,timeout; timeout "
                            + timeout + "s; }");
            }
        });
        chains.forEach((name, rules) -> {
            if (!before.chains.containsKey(name)) script.add("add chain " + TABLE + " " + name);
        });
        chains.forEach((name, rules) -> {
            if (rules.equals(before.chains.get(name))) return;
            script.add("flush chain " + TABLE + " " + name);
            for (var rule : rules) script.add("add rule " + TABLE + " " + name + " " + rule);
        });
        maps.forEach((name, elements) -> {
            var old = before.maps.getOrDefault(name, Map.of());
            old.forEach((key, value) -> {
                if (!Objects.equals(elements.get(key), value))
                    script.add("delete element " + TABLE + " " + name + " { " + key + " }");
            });
            elements.forEach((key, value) -> {
                if (!Objects.equals(old.get(key), value))
                    script.add("add element " + TABLE + " " + name + " { " + key
                            + (value.isEmpty() ? "" : " : " + value) + " }");
            });
        });
        // Emptied first: chains may still refer to each other.
        before.chains.keySet().forEach(name -> {
            if (!chains.containsKey(name)) script.add("flush chain " + TABLE + " " + name);
        });
        before.chains.keySet().forEach(name -> {
            if (!chains.containsKey(name)) script.add("delete chain " + TABLE + " " + name);
        });
        before.sets.keySet().forEach(name -> {
            if (!sets.containsKey(name)) script.add("delete set " + TABLE + " " + name);
        });
        return script.isEmpty() ? "" : String.join("\n", script) + "\n";
    }
}
