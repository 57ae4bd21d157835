package io.navarch.schema.walk;

import io.navarch.objects.FieldError;
import io.navarch.schema.types.Schema;
import java.util.List;
import java.util.Locale;

/// Whether numbers can be kept as what their schema says that they are: `int32` and `float` have no room for every one.
final class NumberRange {
    /// Above this not every whole number is one that a floating-point number can be.
    private static final double EXACT = (1L << 53) - 1;

    private NumberRange() {}

    /// Whether a number with a point is a whole one.
    static boolean whole(double number) {
        return Math.abs(number) <= EXACT && number == Math.rint(number);
    }

    /// Checks a value, and the limits that it is held against: one that does not fit is no limit.
    static void check(Number number, Schema schema, String path, List<FieldError> errors) {
        check(number, schema, "Checked", path, errors);
        var constraints = schema.constraints();
        constraints.multipleOf().ifPresent(each -> check(each, schema, "MultipleOf", path, errors));
        constraints.range().maximum().ifPresent(each -> check(each, schema, "Maximum boundary", path, errors));
        constraints.range().minimum().ifPresent(each -> check(each, schema, "Minimum boundary", path, errors));
    }

    private static void check(Number number, Schema schema, String what, String path, List<FieldError> errors) {
        boolean fits = switch (schema.intOrString() ? Schema.Type.ANY : schema.type()) {
            case INTEGER -> schema.format().equals("int32") ? isInt(number) : isLong(number);
            case NUMBER -> !schema.format().equals("float") || Math.abs(number.doubleValue()) <= Float.MAX_VALUE;
            default -> true;
        };
        if (fits) return;
        var type = schema.type().name().toLowerCase(Locale.ROOT);
        boolean plain = schema.type() == Schema.Type.INTEGER
                && !List.of("int32", "int64").contains(schema.format());
        var format = plain ? "(default format)" : "with format " + schema.format();
        errors.add(FieldError.invalid("", "", what + " value must be of type " + type + " " + format + " in " + path));
    }

    private static boolean isInt(Number number) {
        return isLong(number) && number.doubleValue() == (int) number.doubleValue();
    }

    private static boolean isLong(Number number) {
        if (number instanceof Long || number instanceof Integer) return true;
        double value = number.doubleValue();
        return value == Math.rint(value) && value >= Long.MIN_VALUE && value < Long.MAX_VALUE;
    }
}
