package io.navarch.kinds.support;

import io.navarch.model.LabelSelector;
import io.navarch.model.LabelSelectorRequirement;
import io.navarch.model.Structure;
import io.navarch.objects.FieldError;
import io.navarch.objects.FieldErrors;
import io.navarch.objects.IntOrString;
import io.navarch.objects.Lens;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Collects the errors of an object; each check adds its own in Kubernetes' words. Checks of a number expect that it
/// is there: rules ask `hasX()` first where a field may be absent.
public final class Check {
    private static final Pattern PERCENT = Pattern.compile("[0-9]+%");

    private final List<FieldError> errors;

    public Check() {
        this(new FieldErrors());
    }

    /// Adds to a list of errors that others add to as well.
    public Check(List<FieldError> errors) {
        this.errors = errors;
    }

    public List<FieldError> errors() {
        return errors;
    }

    public void add(FieldError error) {
        errors.add(error);
    }

    public void addAll(List<FieldError> more) {
        errors.addAll(more);
    }

    public void missing(String path, String detail) {
        errors.add(FieldError.required(path, detail));
    }

    public void invalid(String path, @Nullable Object value, String detail) {
        errors.add(FieldError.invalid(path, value, detail));
    }

    public void notSupported(String path, @Nullable Object value, Collection<String> supported) {
        errors.add(FieldError.notSupported(path, value, supported));
    }

    public void forbidden(String path, String detail) {
        errors.add(FieldError.forbidden(path, detail));
    }

    public void duplicate(String path, @Nullable Object value) {
        errors.add(FieldError.duplicate(path, value));
    }

    public void duplicate(String path, @Nullable Object value, String detail) {
        errors.add(FieldError.duplicate(path, value, detail));
    }

    /// Applies a rule to each element of a list and the element's path.
    public static <T> void each(List<T> elements, String path, BiConsumer<T, String> rule) {
        int i = 0;
        for (var element : elements) rule.accept(element, FieldError.element(path, i++));
    }

    /// Not more elements than this: of too many, none is looked at.
    public boolean few(int size, int most, String path) {
        if (size > most) errors.add(FieldError.tooMany(path, size, "must have at most " + most + " items"));
        return size <= most;
    }

    public boolean required(Lens value, String path) {
        var tree = value.tree();
        return required(tree == null || "".equals(tree) || tree instanceof List<?> list && list.isEmpty(), path);
    }

    public boolean required(String value, String path) {
        return required(value.isEmpty(), path);
    }

    public boolean required(List<?> values, String path) {
        return required(values.isEmpty(), path);
    }

    private boolean required(boolean missing, String path) {
        if (missing) errors.add(FieldError.required(path));
        return !missing;
    }

    /// A field whose values are a closed set, as it was written.
    public void oneOf(View value, String path, Collection<String> supported) {
        if (value.exists() && !supported.contains(value.string()))
            errors.add(FieldError.notSupported(path, value.value(), supported));
    }

    /// One of these values, which errors name in this order.
    public void listed(String value, String path, List<String> supported) {
        if (!supported.contains(value)) notSupported(path, value, supported);
    }

    public void range(long number, String path, long minimum, long maximum) {
        if (number < minimum || number > maximum)
            errors.add(
                    FieldError.invalid(path, number, "must be between " + minimum + " and " + maximum + ", inclusive"));
    }

    public void notNegative(View value, String path) {
        notNegative(value.longOr(0), path);
    }

    public void notNegative(long number, String path) {
        if (number < 0) errors.add(FieldError.invalid(path, number, "must be greater than or equal to 0"));
    }

    public void longest(String text, String path, int most) {
        if (text.getBytes(StandardCharsets.UTF_8).length > most)
            errors.add(FieldError.tooLong(path, "may not be more than " + most + " bytes"));
    }

    public void name(String name, String path, List<String> wrong) {
        for (var text : wrong) errors.add(FieldError.invalid(path, name, text));
    }

    public void port(View value, String path) {
        if (value.exists()) port(value.longOr(0), path);
    }

    public void port(long number, String path) {
        range(number, path, 1, 65535);
    }

    /// `example.com/name`: a domain, then a path.
    public void domainPath(String text, String path) {
        if (!required(text, path)) return;
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            errors.add(FieldError.invalid(path, text, "must be a domain-prefixed path (such as \"acme.io/foo\")"));
            return;
        }
        var domain = text.substring(0, slash);
        name(domain, path, Names.dnsSubdomain(domain));
        var rest = text.substring(slash + 1);
        if (!rest.matches("[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+"))
            errors.add(FieldError.invalid(
                    path, rest, "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')"));
    }

    /// A port number or a port name.
    public void portOrName(IntOrString value, String path) {
        if (value.isNumber()) port(value.number(), path);
        else if (value.isText()) portName(value.text(), path);
    }

    public void portName(String name, String path) {
        name(name, path, Names.portName(name));
    }

    /// A field that keeps the value it once has.
    public void immutable(Lens now, Lens old, String path) {
        if (old.exists()) fixed(View.over(now), View.over(old), path);
    }

    /// Fields that keep whatever value they have, also none.
    ///
    /// @param path of the structure that has the fields
    public void immutable(Structure now, Structure old, String path, String... fields) {
        for (var field : fields) fixed(now.raw(field), old.raw(field), FieldError.join(path, field));
    }

    private void fixed(View now, View old, String path) {
        if (!Trees.semanticEquals(now.value(), old.value()))
            errors.add(FieldError.invalid(path, now.value(), "field is immutable"));
    }

    /// An update that changes this field is refused with a text of its own.
    public void unchanged(Lens now, Lens old, String path, String why) {
        if (!Trees.semanticEquals(now.tree(), old.tree())) errors.add(FieldError.forbidden(path, why));
    }

    public void labels(Map<String, String> labels, String path) {
        labels.forEach((key, value) -> {
            name(key, path, Names.qualifiedName(key));
            name(value, path, Names.labelValue(value));
        });
    }

    public void labelSelector(View selector, String path) {
        labelSelector(LabelSelector.of(selector), path);
    }

    public void labelSelector(LabelSelector selector, String path) {
        labels(selector.matchLabels(), path + ".matchLabels");
        int i = 0;
        for (var requirement : selector.matchExpressions())
            requirement(requirement, path + ".matchExpressions[" + i++ + "]");
    }

    private void requirement(LabelSelectorRequirement requirement, String path) {
        switch (requirement.operator()) {
            case IN, NOT_IN -> {
                if (requirement.values().isEmpty())
                    errors.add(FieldError.required(
                            path + ".values", "must be specified when `operator` is 'In' or 'NotIn'"));
            }
            case EXISTS, DOES_NOT_EXIST -> {
                if (!requirement.values().isEmpty())
                    errors.add(FieldError.forbidden(
                            path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
            }
            case UNSET, UNRECOGNIZED ->
                errors.add(FieldError.invalid(
                        path + ".operator",
                        requirement.raw(LabelSelectorRequirement.OPERATOR).string(),
                        "not a valid selector operator"));
        }
        name(requirement.key(), path + ".key", Names.qualifiedName(requirement.key()));
        each(requirement.values(), path + ".values", (value, at) -> name(value, at, Names.labelValue(value)));
    }

    /// A structure as errors show it that speak of the whole: with the names and all fields of its Go type.
    ///
    /// @param fields in their order there
    public static Map<String, @Nullable Object> shown(View structure, String... fields) {
        var shown = new LinkedHashMap<String, @Nullable Object>();
        for (var field : fields)
            shown.put(
                    Character.toUpperCase(field.charAt(0)) + field.substring(1),
                    structure.get(field).value());
        return shown;
    }

    /// A share of something: not negative, or a percentage.
    public void numberOrPercent(IntOrString value, String path) {
        if (!value.isText()) notNegative(value.number(), path);
        else if (!PERCENT.matcher(value.text()).matches())
            errors.add(FieldError.invalid(path, value.text(), Names.PERCENT));
    }

    /// No more than the whole, when it is a percentage.
    public void atMostAll(IntOrString value, String path) {
        if (!value.isText() || !value.text().matches("[0-9]{1,9}%")) return;
        int percent = Integer.parseInt(value.text().substring(0, value.text().length() - 1));
        if (percent > 100) errors.add(FieldError.invalid(path, value.text(), "must not be greater than 100%"));
    }

    public void notNegative(Quantity amount, String path) {
        if (amount.negative())
            errors.add(FieldError.invalid(path, amount.toString(), "must be greater than or equal to 0"));
    }

    /// An amount of what exists in whole ones only.
    public void whole(Quantity amount, String path) {
        if (amount.value().stripTrailingZeros().scale() > 0)
            errors.add(FieldError.invalid(path, amount.toString(), "must be an integer"));
    }

    /// A resource that a ResourceQuota may limit.
    public void quotaName(String name, String path) {
        var wrong = Names.qualifiedName(name);
        name(name, path, wrong);
        if (name.contains("/")) return;
        if (wrong.isEmpty() && !ResourceNames.standard(name))
            invalid(path, name, "must be a standard resource type or fully qualified");
        if (!ResourceNames.quota(name)) invalid(path, name, "must be a standard resource for quota");
    }
}
