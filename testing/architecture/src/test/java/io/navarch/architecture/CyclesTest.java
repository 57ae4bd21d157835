package io.navarch.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What can be read by itself: neither packages nor the classes in one go around in circles.
class CyclesTest {
    @Test
    void packagesOfAModuleAreFreeOfCycles() {
        slices().matching("io.navarch.(**)").should().beFreeOfCycles().check(Modules.classes("ours", Modules::written));
    }

    @Test
    void classesOfAPackageAreFreeOfCycles() {
        var found = new TreeMap<String, Set<Set<String>>>();
        for (var graph : graphs().entrySet()) {
            var circles = circles(graph.getValue());
            if (!circles.isEmpty()) found.put(graph.getKey(), circles);
        }
        assertThat(found).isEmpty();
    }

    /// Of each package, which class uses which others of it. Nested classes count as the one they stand in.
    private static Map<String, Map<String, Set<String>>> graphs() {
        var result = new TreeMap<String, Map<String, Set<String>>>();
        for (var type : Modules.classes("ours", Modules::written)) {
            var uses = result.computeIfAbsent(type.getPackageName(), name -> new TreeMap<>())
                    .computeIfAbsent(outer(type), name -> new TreeSet<>());
            for (var dependency : type.getDirectDependenciesFromSelf()) {
                var target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().equals(type.getPackageName())) uses.add(outer(target));
            }
        }
        return result;
    }

    private static String outer(JavaClass type) {
        var name = type.getName().substring(type.getPackageName().length() + 1);
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /// Sets of classes of which each reaches every other.
    private static Set<Set<String>> circles(Map<String, Set<String>> uses) {
        var reached = new TreeMap<String, Set<String>>();
        for (var start : uses.keySet()) reached.put(start, reachable(start, uses));
        var result = new LinkedHashSet<Set<String>>();
        for (var start : uses.keySet()) {
            var circle = new TreeSet<String>();
            for (var other : reached.get(start)) if (reached.get(other).contains(start)) circle.add(other);
            if (circle.size() > 1) result.add(circle);
        }
        return result;
    }

    private static Set<String> reachable(String start, Map<String, Set<String>> uses) {
        var seen = new TreeSet<String>();
        var open = new ArrayList<>(uses.get(start));
        while (!open.isEmpty()) {
            var next = open.removeLast();
            if (seen.add(next)) open.addAll(uses.getOrDefault(next, Set.of()));
        }
        return seen;
    }
}
