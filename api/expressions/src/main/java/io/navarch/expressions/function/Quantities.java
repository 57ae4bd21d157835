package io.navarch.expressions.function;

import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Opaque;
import io.navarch.objects.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Amounts of resources.
final class Quantities {
    record Amount(Quantity quantity) implements Opaque {
        @Override
        public String typeName() {
            return "kubernetes.Quantity";
        }

        @Override
        public boolean same(Opaque other) {
            return other instanceof Amount amount && quantity.compareTo(amount.quantity) == 0;
        }

        @Override
        public String toString() {
            return quantity.toString();
        }
    }

    static final Map<String, Function> FUNCTIONS = Map.ofEntries(
            Map.entry("quantity", (a, budget) -> a[0] instanceof String text ? parse(text) : null),
            Map.entry(
                    "isQuantity",
                    (a, budget) -> a[0] instanceof String text
                            ? (Object) Quantity.find(text).isPresent()
                            : null),
            Map.entry(
                    "sign",
                    (a, budget) -> a[0] instanceof Amount amount
                            ? (Object) (long) amount.quantity.value().signum()
                            : null),
            Map.entry(
                    "isInteger",
                    (a, budget) -> a[0] instanceof Amount amount ? (Object) (integer(amount) instanceof Long) : null),
            Map.entry("asInteger", (a, budget) -> a[0] instanceof Amount amount ? integer(amount) : null),
            Map.entry(
                    "asApproximateFloat",
                    (a, budget) -> a[0] instanceof Amount amount
                            ? (Object) amount.quantity.value().doubleValue()
                            : null),
            Map.entry("add", (a, budget) -> a[0] instanceof Amount amount ? sum(amount, a[1], false) : null),
            Map.entry("sub", (a, budget) -> a[0] instanceof Amount amount ? sum(amount, a[1], true) : null));

    /// Of the largest integer.
    private static final int MOST_DIGITS = 19;

    private Quantities() {}

    private static Object parse(String text) {
        var quantity = Quantity.find(text);
        return quantity.isPresent() ? new Amount(quantity.get()) : new Failure(Quantity.ERROR);
    }

    private static Object integer(Amount amount) {
        var exact = amount.quantity.value().stripTrailingZeros();
        boolean fits = exact.scale() <= 0 && exact.precision() - exact.scale() <= MOST_DIGITS;
        var whole = fits ? exact.toBigInteger() : BigInteger.ZERO;
        return fits && whole.bitLength() < Long.SIZE
                ? (Object) whole.longValue()
                : new Failure("cannot convert value to integer");
    }

    private static @Nullable Object sum(Amount amount, Object other, boolean negative) {
        var more = switch (other) {
            case Amount that -> that.quantity;
            case Long number -> new Quantity(BigDecimal.valueOf(number), amount.quantity.format());
            default -> null;
        };
        if (more == null) return null;
        return new Amount(negative ? amount.quantity.minus(more) : amount.quantity.plus(more));
    }

    /// How two amounts are ordered, or null if they are none.
    static @Nullable Long order(Object one, Object other) {
        return one instanceof Amount a && other instanceof Amount b
                ? (Long) (long) Integer.signum(a.quantity.compareTo(b.quantity))
                : null;
    }
}
