package io.navarch.expressions.evaluation;

import io.navarch.expressions.function.NamedFormat;
import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Bytes;
import io.navarch.expressions.value.Opaque;
import io.navarch.expressions.value.Values;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What calls cost, as Kubernetes counts it.
final class Costs {
    private static final double PER_SIGN = 0.1;
    private static final double PER_SIGN_OF_PATTERN = 0.25;
    private static final long CHECK = 350_000;
    private static final long LIST = 10;
    private static final long STRUCTURE = 40;

    private Costs() {}

    static long of(String function, String overload, Object[] arguments, Object result, Budget budget) {
        long ofOverload = ofList(function, overload, arguments, result);
        if (ofOverload >= 0) return ofOverload;
        long ofFunction = ofFunction(function, arguments, result, budget);
        return ofFunction >= 0 ? ofFunction : standard(overload, arguments);
    }

    /// Of the functions for lists that are not Kubernetes' own; -1 for others.
    private static long ofList(String function, String overload, Object[] a, Object result) {
        if (overload.isEmpty()) return -1;
        return switch (function) {
            case "slice", "lists.range", "reverse" -> allocated(1, Values.size(result));
            case "flatten" -> allocated(a.length == 2 && a[1] instanceof Long depth ? depth : 1, Values.size(a[0]));
            case "distinct", "sort" -> compared(a[0]);
            case "@sortByAssociatedKeys" -> compared(a[1]);
            case "sets.contains", "sets.intersects" -> 1 + Values.size(a[0]) * Values.size(a[1]);
            case "sets.equivalent" -> 1 + 2 * Values.size(a[0]) * Values.size(a[1]);
            default -> -1;
        };
    }

    private static long compared(Object value) {
        long size = Values.size(value);
        boolean texts = value instanceof List<?> list
                && !list.isEmpty()
                && (list.getFirst() instanceof String || list.getFirst() instanceof Bytes);
        return allocated(texts ? 2 + PER_SIGN : 2, size * size);
    }

    private static long allocated(double factor, long size) {
        return (long) (size * factor) + 1 + LIST;
    }

    private static long ofFunction(String function, Object[] a, Object result, Budget budget) {
        return switch (function) {
            case "check" -> CHECK;
            case "serviceAccount",
                    "path",
                    "group",
                    "resource",
                    "subresource",
                    "namespace",
                    "name",
                    "allowed",
                    "reason",
                    "error",
                    "errored" -> 1;
            case "fieldSelector", "labelSelector" -> selector(Values.size(a[1]));
            case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" -> traversal(a[0], budget);
            case "format", "url", "lowerAscii", "upperAscii", "substring", "trim", "jsonpatch.escapeKey" ->
                read(a[0], 1);
            case "replace", "split", "ip.isCanonical" -> read(a[0], 2);
            case "join" -> read(result, 2);
            case "find", "findAll" -> pattern(Values.size(a[0]), Values.size(a[1]));
            case "cidr", "isIP", "isCIDR", "quantity", "isQuantity", "semver", "isSemver" -> read(a[0], 1);
            case "ip" -> a[0] instanceof String ? read(a[0], 1) : 1;
            case "masked",
                    "prefixLength",
                    "family",
                    "isUnspecified",
                    "isLoopback",
                    "isLinkLocalMulticast",
                    "isLinkLocalUnicast",
                    "isGlobalUnicast" -> 1;
            case "containsIP" -> read(a[0], 2) + (a[1] instanceof String ? read(a[1], 1) : 0);
            case "containsCIDR" -> read(a[0], 2) + read(a[0], 1) + 1 + (a[1] instanceof String ? read(a[1], 1) : 0);
            case "validate" -> a[0] instanceof NamedFormat format ? pattern(Values.size(a[1]), format.pattern()) : -1;
            case "format.named",
                    "sign",
                    "asInteger",
                    "isInteger",
                    "asApproximateFloat",
                    "isGreaterThan",
                    "isLessThan",
                    "compareTo",
                    "add",
                    "sub",
                    "major",
                    "minor",
                    "patch",
                    "getScheme",
                    "getHostname",
                    "getHost",
                    "getPort",
                    "getEscapedPath",
                    "getQuery" -> 1;
            case "_==_" -> a[0] instanceof Opaque ? 1 : -1;
            default -> -1;
        };
    }

    private static long selector(long length) {
        return LIST
                + (long) Math.ceil(length * PER_SIGN)
                + (long) Math.ceil(Math.ceil(length * 0.5) * (LIST + STRUCTURE));
    }

    private static long read(Object value, int times) {
        return (long) Math.ceil(Values.size(value) * times * PER_SIGN);
    }

    private static long pattern(long text, long pattern) {
        return (long) Math.ceil((1.0 + text) * PER_SIGN) * (long) Math.ceil(pattern * PER_SIGN_OF_PATTERN);
    }

    /// What it costs to look at all of a value.
    private static long traversal(Object value, Budget budget) {
        budget.step();
        return switch (value) {
            case String text -> (long) (text.getBytes(StandardCharsets.UTF_8).length * PER_SIGN);
            case Bytes bytes -> (long) (bytes.size() * PER_SIGN);
            case List<?> list -> {
                long cost = 0;
                for (var element : list) cost += traversal(Values.of(element), budget);
                yield cost;
            }
            case Map<?, ?> map -> {
                long cost = 0;
                for (var entry : map.entrySet())
                    cost += traversal(Values.of(entry.getKey()), budget)
                            + traversal(Values.of(entry.getValue()), budget);
                yield cost;
            }
            default -> 1;
        };
    }

    private static long standard(String overload, Object[] a) {
        return switch (overload) {
            case "starts_with_string",
                    "ends_with_string",
                    "string_to_bytes",
                    "bytes_to_string",
                    "strings_quote",
                    "string_format" -> (long) Math.ceil(size(a[0]) * PER_SIGN);
            case "in_list" -> size(a[1]);
            case "less_string",
                    "greater_string",
                    "less_equals_string",
                    "greater_equals_string",
                    "less_bytes",
                    "greater_bytes",
                    "less_equals_bytes",
                    "greater_equals_bytes",
                    "equals",
                    "not_equals" -> (long) Math.ceil(Math.min(size(a[0]), size(a[1])) * PER_SIGN);
            case "add_string", "add_bytes" -> (long) Math.ceil((size(a[0]) + size(a[1])) * PER_SIGN);
            case "matches_string" -> pattern(size(a[0]), size(a[1]));
            case "contains_string" -> (long) Math.ceil(size(a[0]) * PER_SIGN) * (long) Math.ceil(size(a[1]) * PER_SIGN);
            default -> 1;
        };
    }

    private static long size(Object value) {
        return value instanceof Optional<?> optional && optional.isPresent()
                ? size(optional.get())
                : Values.size(value);
    }
}
