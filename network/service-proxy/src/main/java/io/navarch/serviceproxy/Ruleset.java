package io.navarch.serviceproxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The changing part of the table, of one Service or pod or of several: chains with their rules, elements of the fixed
/// maps and sets with the chains they lead to, and sets of remembered clients with their timeouts in seconds.
///
/// @param elements to the chain that a map leads to, `""` in a set
public record Ruleset(
        Map<String, List<NftRule>> chains, Map<Element, String> elements, Map<String, Integer> affinities) {
    static final Ruleset EMPTY = new Ruleset(Map.of(), Map.of(), Map.of());

    /// @param in the name of the map or set
    public record Element(String in, String key) implements Comparable<Element> {
        @Override
        public int compareTo(Element other) {
            int first = in.compareTo(other.in);
            return first != 0 ? first : key.compareTo(other.key);
        }
    }

    static Ruleset empty() {
        return new Ruleset(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    /// The keys of the elements of a map or set.
    Set<String> keys(String in) {
        return elements.keySet().stream()
                .filter(element -> element.in.equals(in))
                .map(Element::key)
                .collect(Collectors.toSet());
    }

    /// The commands of one transaction that turn `before` into this; nothing that is the same in both is touched.
    public String changesFrom(Ruleset before) {
        var script = new Script();
        affinities.forEach((name, timeout) -> {
            var old = before.affinities.get(name);
            if (old == null)
                script.add("add set", name, "{ type ipv4_addr; flags dynamic,timeout; timeout " + timeout + "s; }");
            else if (!old.equals(timeout)) script.add("flush set", name, "");
        });
        for (var name : chains.keySet()) if (!before.chains.containsKey(name)) script.add("add chain", name, "");
        chains.forEach((name, rules) -> {
            if (rules.equals(before.chains.get(name))) return;
            script.add("flush chain", name, "");
            for (var rule : rules) script.add("add rule", name, rule.text());
        });
        before.elements.forEach((element, chain) -> {
            if (!chain.equals(elements.get(element)))
                script.add("delete element", element.in, "{ " + element.key + " }");
        });
        elements.forEach((element, chain) -> {
            var verdict = chain.isEmpty() ? "" : " : goto " + chain;
            if (!chain.equals(before.elements.get(element)))
                script.add("add element", element.in, "{ " + element.key + verdict + " }");
        });
        // Emptied first: chains may still refer to each other.
        for (var name : before.chains.keySet()) if (!chains.containsKey(name)) script.add("flush chain", name, "");
        for (var name : before.chains.keySet()) if (!chains.containsKey(name)) script.add("delete chain", name, "");
        for (var name : before.affinities.keySet())
            if (!affinities.containsKey(name)) script.add("delete set", name, "");
        return script.text();
    }

    private static final class Script {
        private final List<String> lines = new ArrayList<>();

        void add(String command, String name, String rest) {
            lines.add((command + " " + NftTable.NAME + " " + name + " " + rest).strip());
        }

        String text() {
            return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
        }
    }
}
