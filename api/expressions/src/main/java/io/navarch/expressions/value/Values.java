package io.navarch.expressions.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What can be said of any value.
public final class Values {
    private Values() {}

    /// A value of a tree, as expressions have it.
    public static Object of(@Nullable Object raw) {
        return switch (raw) {
            case null -> Null.NULL;
            case Integer number -> (long) number;
            case Short number -> (long) number;
            case Float number -> (double) number;
            case BigInteger number ->
                number.bitLength() < 64 ? (Object) number.longValue() : (Object) number.doubleValue();
            case BigDecimal number -> number.doubleValue();
            case Supplier<?> later -> of(later.get());
            default -> raw;
        };
    }

    /// How many steps an element of a tree counts for, which takes memory.
    private static final int OF_AN_ELEMENT = 16;

    /// A value as a tree; what trees have no type for stays as it is. What stands in several places is there several
    /// times.
    public static @Nullable Object tree(Object value, Budget budget) {
        budget.steps(OF_AN_ELEMENT);
        return switch (value) {
            case Null _ -> null;
            case Optional<?> optional ->
                optional.map(each -> tree(each, budget)).orElse(null);
            case UInt number -> number.bits();
            case List<?> list -> {
                var tree = new ArrayList<@Nullable Object>();
                for (var element : list) tree.add(tree(of(element), budget));
                yield tree;
            }
            case Map<?, ?> map -> {
                var tree = new LinkedHashMap<String, @Nullable Object>();
                map.forEach((key, each) -> tree.put(String.valueOf(key), tree(of(each), budget)));
                yield tree;
            }
            default -> value;
        };
    }

    /// Whether something may be a key of a map: lists and maps would have to be looked at as a whole.
    public static boolean key(Object value) {
        return value instanceof Boolean || value instanceof Long || value instanceof UInt || value instanceof String;
    }

    public static String type(Object value) {
        return switch (value) {
            case Null _ -> "null_type";
            case Boolean _ -> "bool";
            case Long _ -> "int";
            case UInt _ -> "uint";
            case Double _ -> "double";
            case String _ -> "string";
            case Bytes _ -> "bytes";
            case OffsetDateTime _ -> "google.protobuf.Timestamp";
            case Duration _ -> "google.protobuf.Duration";
            case List<?> _ -> "list";
            case Map<?, ?> _ -> "map";
            case Optional<?> _ -> "optional_type";
            case TypeName _ -> "type";
            case Opaque opaque -> opaque.typeName();
            default -> "error";
        };
    }

    /// How much there is of a value, for what it costs: signs, bytes, elements.
    public static long size(Object value) {
        return switch (value) {
            case String text -> text.codePointCount(0, text.length());
            case Bytes bytes -> bytes.size();
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Opaque opaque -> opaque.size();
            default -> 1;
        };
    }

    /// What a map has under a key, whichever of the numeric types the key is of.
    ///
    /// @return null when there is nothing
    public static @Nullable Object find(Map<?, ?> map, Object key) {
        if (!key(key) && !(key instanceof Double)) return null;
        if (map.containsKey(key)) return of(map.get(key));
        Object other = switch (key) {
            case Long number when number >= 0 -> new UInt(number);
            case UInt number when number.bits() >= 0 -> number.bits();
            case Double number when number == Math.rint(number) && Math.abs(number) < 0x1p63 -> number.longValue();
            default -> key;
        };
        if (map.containsKey(other)) return of(map.get(other));
        if (key instanceof Double && other instanceof Long number && number >= 0) {
            var unsigned = new UInt(number);
            if (map.containsKey(unsigned)) return of(map.get(unsigned));
        }
        return null;
    }
}
