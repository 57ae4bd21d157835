package io.navarch.kinds.types;

import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import io.navarch.schema.types.FieldRule;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// The rules that an overlay can name: `min=0`, `range=1-65535`, `enum=A,B`, `is=ip`, `max=64`, `items=32`, …, with
/// the published texts.
final class FieldRules {
    private FieldRules() {}

    /// @throws IllegalStateException when there is no such word
    static FieldRule of(String word, String value) {
        return switch (word) {
            case "enum" -> enumeration(Set.of(value.split(",")));
            case "min" -> minimum(Long.parseLong(value), "must be greater than or equal to " + value);
            // The text has underscores for blanks, since words are separated by these.
            case "least" -> minimum(Long.parseLong(value.substring(0, value.indexOf(':'))), words(value));
            case "most" -> most(Long.parseLong(value.substring(0, value.indexOf(':'))), words(value));
            case "range" -> range(value);
            case "max" -> maximum(Integer.parseInt(value));
            case "items" -> items(Integer.parseInt(value));
            case "is" ->
                value.endsWith("!")
                        ? named(shape(value.substring(0, value.length() - 1)), true)
                        : named(shape(value), false);
            case "distinct" -> distinct(value);
            default -> throw new IllegalStateException("unknown word in an overlay: " + word + "=" + value);
        };
    }

    /// `enum=B,A ordered`: errors name the values in this order.
    static FieldRule ordered(String value) {
        return enumeration(List.of(value.split(",")));
    }

    private static FieldRule enumeration(Collection<String> supported) {
        return (value, old, update, path, errors) -> {
            if (!supported.contains(value.text())) errors.add(FieldError.notSupported(path, value.value(), supported));
        };
    }

    private static FieldRule minimum(long least, String text) {
        return (value, old, update, path, errors) -> {
            if (value.value() instanceof Number number && number.longValue() < least)
                errors.add(FieldError.invalid(path, number, text));
        };
    }

    private static FieldRule most(long most, String text) {
        return (value, old, update, path, errors) -> {
            if (value.value() instanceof Number number && number.longValue() > most)
                errors.add(FieldError.invalid(path, number, text));
        };
    }

    private static String words(String value) {
        return value.substring(value.indexOf(':') + 1).replace('_', ' ');
    }

    private static FieldRule range(String value) {
        var ends = value.split("-");
        long least = Long.parseLong(ends[0]);
        long most = Long.parseLong(ends[1]);
        return (view, old, update, path, errors) -> {
            if (view.value() instanceof Number number && (number.longValue() < least || number.longValue() > most))
                errors.add(
                        FieldError.invalid(path, number, "must be between " + least + " and " + most + ", inclusive"));
        };
    }

    private static FieldRule maximum(int length) {
        return (value, old, update, path, errors) -> {
            if (value.string().length() > length)
                errors.add(FieldError.tooLong(path, "may not be more than " + length + " bytes"));
        };
    }

    private static FieldRule items(int most) {
        return (value, old, update, path, errors) -> {
            int size = value.isMap() ? value.map().size() : value.list().size();
            if (size > most)
                errors.add(
                        FieldError.tooMany(path, size, "must have at most " + most + (most == 1 ? " item" : " items")));
        };
    }

    /// No two elements of a list with the same value (of a field, when one is named).
    private static FieldRule distinct(String field) {
        return (value, old, update, path, errors) -> {
            var seen = new HashSet<Object>();
            int i = 0;
            for (var element : value.views()) {
                var at = path + "[" + i++ + "]" + (field.isEmpty() ? "" : "." + field);
                var key = field.isEmpty() ? element.value() : element.get(field).value();
                if (key != null && !seen.add(key)) errors.add(FieldError.duplicate(at, key));
            }
        };
    }

    private static FieldRule named(Function<String, List<String>> shape, boolean evenEmpty) {
        return (value, old, update, path, errors) -> {
            if (!(value.value() instanceof String text) || text.isEmpty() && !evenEmpty) return;
            shape.apply(text).forEach(wrong -> errors.add(FieldError.invalid(path, text, wrong)));
        };
    }

    private static Function<String, List<String>> shape(String name) {
        return switch (name) {
            case "label" -> Names::dnsLabel;
            case "subdomain" -> Names::dnsSubdomain;
            case "qualified" -> Names::qualifiedName;
            case "labelvalue" -> Names::labelValue;
            case "configkey" -> Names::configKey;
            case "ip" -> Names::ip;
            case "endpointip" -> Names::endpointIp;
            case "dnsname" -> Names::dnsName;
            case "segment" -> Names::pathSegment;
            case "portname" -> Names::portName;
            case "amount" ->
                text -> Quantity.parseOr(text, Quantity.ZERO).negative()
                        ? List.of("must be greater than or equal to 0")
                        : List.of();
            default -> throw new IllegalStateException("unknown shape in an overlay: " + name);
        };
    }
}
