package io.navarch.expressions.estimate;

import dev.cel.common.types.CelKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What calls of functions that Kubernetes adds could cost.
final class CallCosts {
    /// @param cost of the call alone
    /// @param size of what it comes to, if that is known
    record Call(Range cost, @Nullable Range size) {
        static Call of(Range cost) {
            return new Call(cost, null);
        }
    }

    private static final double PER_SIGN = 0.1;
    private static final double PER_SIGN_OF_PATTERN = 0.25;
    private static final long CHECK = 350_000;
    private static final Range LIST = Range.of(10);
    private static final double SELECTOR = 50;
    private static final int LONGEST_FORMAT_PATTERN = 128;
    private static final int LONGEST_FORMAT = 64;
    /// The bytes of an address.
    private static final Range ADDRESS = new Range(4, 16);

    private final Sizes sizes;

    CallCosts(Sizes sizes) {
        this.sizes = sizes;
    }

    /// @param overload which form of the function
    /// @return empty for a function of CEL's own
    Optional<Call> of(String function, String overload, @Nullable Argument target, List<Argument> arguments) {
        return Optional.ofNullable(call(function, overload, target, arguments));
    }

    private @Nullable Call call(String function, String overload, @Nullable Argument target, List<Argument> arguments) {
        var first = arguments.isEmpty() ? null : arguments.getFirst();
        return switch (function) {
            case "slice", "lists.range", "reverse", "flatten", "distinct", "sort", "@sortByAssociatedKeys" ->
                list(function, overload, target, arguments);
            case "sets.contains", "sets.intersects" -> sets(arguments, 1);
            case "sets.equivalent" -> sets(arguments, 2);
            case "check" -> Call.of(Range.of(CHECK));
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
                    "errored",
                    "masked",
                    "prefixLength",
                    "family",
                    "isUnspecified",
                    "isLoopback",
                    "isLinkLocalMulticast",
                    "isLinkLocalUnicast",
                    "isGlobalUnicast",
                    "format.named",
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
                    "getQuery" -> Call.of(Range.ONE);
            case "fieldSelector", "labelSelector" -> first == null ? null : Call.of(selector(size(first)));
            case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" ->
                target == null ? null : Call.of(through(target));
            case "url", "jsonpatch.escapeKey" ->
                first == null ? null : new Call(size(first).times(PER_SIGN), size(first));
            case "lowerAscii", "upperAscii", "substring", "trim" ->
                target == null ? null : new Call(size(target).times(PER_SIGN), size(target));
            case "replace" -> target == null || arguments.size() < 2 ? null : replace(target, arguments);
            case "split" -> target == null ? null : split(target, arguments);
            case "join" -> target == null ? null : join(target, arguments);
            case "find", "findAll" -> target == null || first == null ? null : find(target, first);
            case "cidr", "isIP", "isCIDR", "quantity", "isQuantity", "semver", "isSemver" ->
                first == null ? null : Call.of(size(first).times(PER_SIGN));
            case "ip" ->
                first == null ? Call.of(Range.ONE) : Call.of(size(first).times(PER_SIGN));
            case "ip.isCanonical" -> first == null ? null : Call.of(size(first).times(2 * PER_SIGN));
            case "containsIP", "containsCIDR" ->
                first == null ? null : Call.of(contained(function.equals("containsCIDR"), first));
            case "validate" ->
                first == null
                        ? null
                        : Call.of(size(first).times(PER_SIGN).times(LONGEST_FORMAT_PATTERN * PER_SIGN_OF_PATTERN));
            case "_==_" -> arguments.size() == 2 ? same(arguments.get(0), arguments.get(1)) : null;
            default -> null;
        };
    }

    private Range size(Argument argument) {
        return argument.size() == null ? sized(argument.path()) : argument.size();
    }

    private Range sized(List<String> path) {
        if (path.isEmpty()) return Range.UNKNOWN;
        var most = sizes.most(path);
        return most.isPresent() ? new Range(0, most.getAsLong()) : Range.UNKNOWN;
    }

    /// The size of any element of a list; null for what is none.
    private @Nullable Range element(Argument list) {
        if (list.type().parameters().isEmpty()) return null;
        if (list.path().isEmpty()) return Range.UNKNOWN;
        var path = new ArrayList<>(list.path());
        path.add("@items");
        return sized(path);
    }

    private Range through(Argument target) {
        var element = element(target);
        if (element == null) return size(target).times(PER_SIGN);
        var kind = target.type().parameters().getFirst().kind();
        boolean text = kind == CelKind.STRING || kind == CelKind.BYTES;
        return size(target).times(text ? Range.ONE.plus(element.times(PER_SIGN)) : Range.ONE);
    }

    private static Range selector(Range length) {
        return LIST.plus(length.times(PER_SIGN)).plus(length.times(0.5).times(SELECTOR));
    }

    private Call replace(Argument target, List<Argument> arguments) {
        var size = size(target);
        var old = size(arguments.get(0));
        var by = size(arguments.get(1));
        var most = replaced(size.most(), old.least(), Long.compareUnsigned(by.most(), old.least()) <= 0);
        var least = replaced(size.least(), old.most(), Long.compareUnsigned(old.most(), by.least()) <= 0);
        var result = new Range(least.least, most.least).times(by).plus(new Range(least.most, most.most));
        return new Call(size.times(2 * PER_SIGN), result);
    }

    /// How often something is replaced, and what is left of the text.
    private record Replaced(long least, long most) {}

    private static Replaced replaced(long size, long old, boolean kept) {
        if (old == 0) return new Replaced(size == Range.ENDLESS ? size : size + 1, size);
        if (kept) return new Replaced(0, size);
        return new Replaced(Range.times(size, 1 / Range.number(old)), 0);
    }

    private Call split(Argument target, List<Argument> arguments) {
        var size = size(target);
        long most = arguments.size() > 1 ? arguments.get(1).number().orElse(size.most()) : size.most();
        return new Call(size.times(2 * PER_SIGN), new Range(0, most));
    }

    private Call join(Argument target, List<Argument> arguments) {
        var list = size(target);
        var element = element(target);
        var size = element == null ? Range.NONE : list.times(element);
        if (!arguments.isEmpty()) {
            var separators =
                    new Range(list.least() == 0 ? 0 : list.least() - 1, list.most() == 0 ? 0 : list.most() - 1);
            size = size.plus(size(arguments.getFirst()).times(separators));
        }
        return new Call(size.times(PER_SIGN), size);
    }

    private Call find(Argument target, Argument pattern) {
        var size = size(target);
        var cost = size.plus(Range.ONE).times(PER_SIGN).times(size(pattern).times(PER_SIGN_OF_PATTERN));
        return new Call(cost, new Range(0, size.most()));
    }

    private Range contained(boolean network, Argument other) {
        var cost = ADDRESS.plus(ADDRESS).times(PER_SIGN);
        if (network) cost = cost.plus(ADDRESS.times(PER_SIGN)).plus(Range.ONE);
        return other.type().kind() == CelKind.STRING ? cost.plus(size(other).times(PER_SIGN)) : cost;
    }

    private static @Nullable Call same(Argument one, Argument other) {
        if (!one.type().equals(other.type())) return null;
        return switch (one.type().name()) {
            case "net.IP",
                    "net.CIDR",
                    "kubernetes.Quantity",
                    "kubernetes.Semver",
                    "kubernetes.authorization.Authorizer",
                    "kubernetes.authorization.PathCheck",
                    "kubernetes.authorization.GroupCheck",
                    "kubernetes.authorization.ResourceCheck",
                    "kubernetes.authorization.Decision" -> Call.of(Range.ONE);
            case "kubernetes.NamedFormat" -> Call.of(new Range(1, LONGEST_FORMAT).times(PER_SIGN));
            case "kubernetes.URL" ->
                Call.of(new Range(1, other.size() == null ? 1 : other.size().most()).times(PER_SIGN));
            default -> null;
        };
    }

    private @Nullable Call list(String function, String overload, @Nullable Argument target, List<Argument> arguments) {
        if (function.equals("lists.range")) return allocated(1, Range.of(number(arguments.getFirst(), Range.ENDLESS)));
        if (target == null) return null;
        var size = size(target);
        return switch (function) {
            case "slice" -> {
                long start = number(arguments.get(0), 0);
                long end = number(arguments.get(1), size.most());
                yield allocated(1, Range.of(end - start));
            }
            case "reverse" -> allocated(1, size);
            case "flatten" -> {
                long depth = arguments.isEmpty() ? 1 : number(arguments.getFirst(), Range.ENDLESS);
                yield allocated(Range.number(depth), size);
            }
            case "distinct" -> allocated(2, size.times(size));
            case "sort" -> sorted(overload, size);
            default -> sorted(overload, size(arguments.getFirst()));
        };
    }

    private static long number(Argument argument, long fallback) {
        return argument.number().map(number -> Math.max(0, number)).orElse(fallback);
    }

    private static Call sorted(String overload, Range size) {
        boolean texts = overload.contains("string") || overload.contains("bytes");
        return allocated(texts ? 2 + PER_SIGN : 2, size.times(size));
    }

    private static Call allocated(double factor, Range size) {
        return new Call(size.times(factor).plus(Range.ONE).plus(LIST), size);
    }

    private @Nullable Call sets(List<Argument> arguments, int factor) {
        if (arguments.size() != 2) return null;
        var product = size(arguments.get(0)).times(size(arguments.get(1)));
        return Call.of(product.times((double) factor).plus(Range.ONE));
    }
}
