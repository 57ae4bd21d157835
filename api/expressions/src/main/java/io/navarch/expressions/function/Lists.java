package io.navarch.expressions.function;

import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Equality;
import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.GrowingMap;
import io.navarch.expressions.value.Ordering;
import io.navarch.expressions.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Functions of lists.
final class Lists {
    private static final int LONGEST = 1_000_000;

    static final Map<String, Function> FUNCTIONS = Map.ofEntries(
            Map.entry("isSorted", (a, budget) -> a[0] instanceof List<?> list ? isSorted(list, budget) : null),
            Map.entry("sum", (a, budget) -> a[0] instanceof List<?> list ? sum(list, budget) : null),
            Map.entry("min", (a, budget) -> a[0] instanceof List<?> list ? extreme(list, "min", 1, budget) : null),
            Map.entry("max", (a, budget) -> a[0] instanceof List<?> list ? extreme(list, "max", -1, budget) : null),
            Map.entry(
                    "indexOf",
                    (a, budget) -> a[0] instanceof List<?> list ? indexOf(list, a[1], budget) : Strings.indexOf(a)),
            Map.entry(
                    "lastIndexOf",
                    (a, budget) ->
                            a[0] instanceof List<?> list ? lastIndexOf(list, a[1], budget) : Strings.lastIndexOf(a)),
            Map.entry("slice", (a, budget) -> a[0] instanceof List<?> list ? slice(list, a[1], a[2]) : null),
            Map.entry(
                    "flatten",
                    (a, budget) ->
                            a[0] instanceof List<?> list ? flatten(list, a.length > 1 ? a[1] : 1L, budget) : null),
            Map.entry("sort", (a, budget) -> a[0] instanceof List<?> list ? sorted(list, list, budget) : null),
            Map.entry(
                    "@sortByAssociatedKeys",
                    (a, budget) -> a[0] instanceof List<?> list && a[1] instanceof List<?> by
                            ? sorted(list, by, budget)
                            : null),
            Map.entry("lists.range", (a, budget) -> a[0] instanceof Long number ? range(number, budget) : null),
            Map.entry("reverse", (a, budget) -> a[0] instanceof List<?> list ? list.reversed() : null),
            Map.entry("distinct", (a, budget) -> a[0] instanceof List<?> list ? distinct(list, budget) : null),
            Map.entry(
                    "sets.contains",
                    (a, budget) -> a[0] instanceof List<?> list && a[1] instanceof List<?> part
                            ? containsAll(list, part, budget)
                            : null),
            Map.entry(
                    "sets.equivalent",
                    (a, budget) -> a[0] instanceof List<?> one && a[1] instanceof List<?> other
                            ? containsAll(one, other, budget) && containsAll(other, one, budget)
                            : null),
            Map.entry(
                    "sets.intersects",
                    (a, budget) -> a[0] instanceof List<?> one && a[1] instanceof List<?> other
                            ? (Object) other.stream().anyMatch(each -> Equality.contains(one, Values.of(each), budget))
                            : null),
            Map.entry("cel.@mapInsert", (a, budget) -> a[0] instanceof GrowingMap map ? insert(map, a, budget) : null));

    private Lists() {}

    private static @Nullable Object isSorted(List<?> list, Budget budget) {
        Object before = null;
        for (var raw : list) {
            var element = Values.of(raw);
            budget.step();
            if (before != null) {
                var order = Ordering.compare(before, element, budget);
                if (order == null) return Failure.NO_OVERLOAD;
                if (order.equals(1L)) return false;
            }
            before = element;
        }
        return true;
    }

    private static @Nullable Object sum(List<?> list, Budget budget) {
        Object total = null;
        for (var raw : list) {
            var element = Values.of(raw);
            budget.step();
            if (total == null) {
                total = element;
                continue;
            }
            var next = Arithmetic.plus(total, element, budget);
            if (next == null) return Failure.NO_OVERLOAD;
            if (next instanceof Failure) return next;
            total = next;
        }
        return total == null ? 0L : total;
    }

    private static @Nullable Object extreme(List<?> list, String name, long better, Budget budget) {
        Object found = null;
        for (var raw : list) {
            var element = Values.of(raw);
            budget.step();
            if (found == null) found = element;
            else {
                var order = Ordering.compare(found, element, budget);
                if (order == null) return Failure.NO_OVERLOAD;
                if (order.equals(better)) found = element;
            }
        }
        return found == null ? new Failure(name + " called on empty list") : found;
    }

    private static Object indexOf(List<?> list, Object element, Budget budget) {
        long index = 0;
        for (var each : list) {
            if (Equality.same(Values.of(each), element, budget)) return index;
            index++;
        }
        return -1L;
    }

    private static Object lastIndexOf(List<?> list, Object element, Budget budget) {
        for (int i = list.size() - 1; i >= 0; i--)
            if (Equality.same(Values.of(list.get(i)), element, budget)) return (long) i;
        return -1L;
    }

    private static @Nullable Object slice(List<?> list, Object from, Object to) {
        if (!(from instanceof Long start) || !(to instanceof Long end)) return null;
        var call = "cannot slice(" + start + ", " + end + "), ";
        if (start < 0 || end < 0) return new Failure(call + "negative indexes not supported");
        if (start > end) return new Failure(call + "start index must be less than or equal to end index");
        if (list.size() < end) return new Failure(call + "list is length " + list.size());
        return list.subList((int) (long) start, (int) (long) end);
    }

    private static @Nullable Object flatten(List<?> list, Object levels, Budget budget) {
        if (!(levels instanceof Long depth)) return null;
        if (depth < 0) return new Failure("level must be non-negative");
        var result = new ArrayList<Object>();
        flatten(list, depth, result, budget);
        return result;
    }

    private static void flatten(List<?> list, long depth, List<Object> result, Budget budget) {
        for (var raw : list) {
            budget.step();
            var element = Values.of(raw);
            if (depth > 0 && element instanceof List<?> inner) flatten(inner, depth - 1, result, budget);
            else result.add(element);
        }
    }

    private static Object sorted(List<?> list, List<?> keys, Budget budget) {
        if (list.size() != keys.size())
            return new Failure("@sortByAssociatedKeys() expected a list of the same size as the associated keys list,"
                    + " but got " + list.size() + " and " + keys.size() + " elements respectively");
        if (list.isEmpty()) return list;
        record Keyed(Object key, Object value) {}
        var first = Values.of(keys.getFirst());
        if (Ordering.compare(first, first, budget) == null) return new Failure("list elements must be comparable");
        var all = new ArrayList<Keyed>();
        for (int i = 0; i < list.size(); i++) {
            var key = Values.of(keys.get(i));
            if (!Values.type(key).equals(Values.type(first)))
                return new Failure("list elements must have the same type");
            all.add(new Keyed(key, Values.of(list.get(i))));
            budget.step();
        }
        all.sort((one, other) ->
                Ordering.compare(one.key, other.key, budget) instanceof Long order ? (int) (long) order : 0);
        return all.stream().map(Keyed::value).toList();
    }

    private static Object range(long number, Budget budget) {
        if (number > LONGEST) budget.steps(Integer.MAX_VALUE);
        budget.steps(Math.max(0, number));
        var result = new ArrayList<Object>();
        for (long i = 0; i < number; i++) result.add(i);
        return result;
    }

    private static Object distinct(List<?> list, Budget budget) {
        var result = new ArrayList<Object>();
        for (var raw : list) {
            var element = Values.of(raw);
            if (!Equality.contains(result, element, budget)) result.add(element);
        }
        return result;
    }

    private static boolean containsAll(List<?> list, List<?> part, Budget budget) {
        for (var each : part) if (!Equality.contains(list, Values.of(each), budget)) return false;
        return true;
    }

    private static Object insert(GrowingMap map, Object[] arguments, Budget budget) {
        if (arguments.length == 3) return map.insert(arguments[1], arguments[2]);
        if (!(arguments[1] instanceof Map<?, ?> more)) return Failure.NO_OVERLOAD;
        for (var entry : more.entrySet()) {
            budget.step();
            if (map.insert(Values.of(entry.getKey()), Values.of(entry.getValue())) instanceof Failure failure)
                return failure;
        }
        return map;
    }
}
