package io.navarch.kinds.support;

import io.navarch.objects.FieldError;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Collects the errors of an object; each check adds its own with Kubernetes' words.
public final class Check {
    private final List<FieldError> errors;

    public Check() {
        this(new ArrayList<>());
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

    public boolean required(View value, String path) {
        boolean missing =
                !value.exists() || "".equals(value.value()) || value.value() instanceof List<?> list && list.isEmpty();
        if (missing) errors.add(FieldError.required(path));
        return !missing;
    }

    public void oneOf(View value, String path, Set<String> supported) {
        if (value.exists() && !supported.contains(value.string()))
            errors.add(FieldError.notSupported(path, value.value(), supported));
    }

    public void range(View value, String path, long minimum, long maximum) {
        if (!value.exists()) return;
        long number = value.longOr(minimum - 1);
        if (number < minimum || number > maximum) {
            errors.add(
                    FieldError.invalid(path, number, "must be between " + minimum + " and " + maximum + ", inclusive"));
        }
    }

    public void notNegative(View value, String path) {
        if (value.longOr(0) < 0)
            errors.add(FieldError.invalid(path, value.value(), "must be greater than or equal to 0"));
    }

    public void name(String name, String path, List<String> wrong) {
        wrong.forEach(text -> errors.add(FieldError.invalid(path, name, text)));
    }

    public void port(View value, String path) {
        range(value, path, 1, 65535);
    }

    /// `example.com/name`: a domain, then a path.
    public void domainPath(String text, String path) {
        if (text.isEmpty()) {
            errors.add(FieldError.required(path));
            return;
        }
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
    public void portOrName(View value, String path) {
        if (value.value() instanceof Number) port(value, path);
        else if (value.value() instanceof String text) portName(text, path);
    }

    public void portName(String name, String path) {
        name(name, path, Names.portName(name));
    }

    public void immutable(View now, View old, String path) {
        if (old.exists() && !Trees.semanticEquals(now.value(), old.value())) {
            errors.add(FieldError.invalid(path, now.value(), "field is immutable"));
        }
    }

    public void labels(View labels, String path) {
        labels.map().forEach((key, value) -> {
            Names.qualifiedName(key).forEach(text -> errors.add(FieldError.invalid(path, key, text)));
            Names.labelValue(String.valueOf(value)).forEach(text -> errors.add(FieldError.invalid(path, value, text)));
        });
    }

    public void labelSelector(View selector, String path) {
        labels(selector.get("matchLabels"), path + ".matchLabels");
        int i = 0;
        for (var expression : selector.get("matchExpressions").views()) {
            var at = path + ".matchExpressions[" + i++ + "]";
            var operator = expression.get("operator").string();
            if (!Set.of("In", "NotIn", "Exists", "DoesNotExist").contains(operator)) {
                errors.add(FieldError.invalid(at + ".operator", operator, "not a valid selector operator"));
            } else if (operator.endsWith("In")
                    && expression.get("values").list().isEmpty()) {
                errors.add(FieldError.required(at + ".values", "must be specified when `operator` is 'In' or 'NotIn'"));
            } else if (!operator.endsWith("In")
                    && !expression.get("values").list().isEmpty()) {
                errors.add(FieldError.forbidden(
                        at + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
            }
            var key = expression.get("key").string();
            Names.qualifiedName(key).forEach(text -> errors.add(FieldError.invalid(at + ".key", key, text)));
        }
    }

    /// A share of something: not negative, or a percentage.
    public void numberOrPercent(View value, String path) {
        if (value.value() instanceof String text) {
            if (!text.matches("[0-9]+%")) errors.add(FieldError.invalid(path, text, Names.PERCENT));
        } else {
            notNegative(value, path);
        }
    }

    /// No more than the whole, when it is a percentage.
    public void atMostAll(View value, String path) {
        if (value.value() instanceof String text && text.matches("[0-9]{1,9}%")) {
            int percent = Integer.parseInt(text.substring(0, text.length() - 1));
            if (percent > 100) errors.add(FieldError.invalid(path, text, "must not be greater than 100%"));
        }
    }

    /// An update that changes this field is refused with a text of its own.
    public void unchanged(View now, View old, String path, String why) {
        if (!Trees.semanticEquals(now.value(), old.value())) errors.add(FieldError.forbidden(path, why));
    }

    /// Resource amounts: known names, not negative, requests not above limits, whole where only whole ones exist.
    public void resources(View resources, String path) {
        for (var part : List.of("limits", "requests")) {
            for (var entry : resources.get(part).map().entrySet()) {
                var at = path + "." + part + "[" + entry.getKey() + "]";
                var amount = Quantity.parseOr(entry.getValue(), null);
                if (amount != null && amount.negative()) {
                    errors.add(FieldError.invalid(at, amount.toString(), "must be greater than or equal to 0"));
                }
                containerResource(entry.getKey(), at);
                if (amount != null
                        && ResourceNames.extended(entry.getKey())
                        && amount.value().stripTrailingZeros().scale() > 0) {
                    errors.add(FieldError.invalid(at, amount.toString(), "must be an integer"));
                }
            }
        }
        var limits = resources.get("limits").map();
        resources.get("requests").map().forEach((name, value) -> {
            var request = Quantity.parseOr(value, Quantity.ZERO);
            var limit = Quantity.parseOr(limits.get(name), null);
            if (limit == null) return;
            if (!ResourceNames.overcommits(name) && request.compareTo(limit) != 0) {
                errors.add(FieldError.invalid(
                        path + ".requests", request.toString(), "must be equal to " + name + " limit of " + limit));
            } else if (request.compareTo(limit) > 0) {
                errors.add(FieldError.invalid(
                        path + ".requests",
                        request.toString(),
                        "must be less than or equal to " + name + " limit of " + limit));
            }
        });
    }

    private void containerResource(String name, String path) {
        name(name, path, Names.qualifiedName(name));
        if (name.contains("/") || ResourceNames.containers(name)) return;
        boolean standard = ResourceNames.standard(name);
        errors.add(FieldError.invalid(
                path,
                name,
                standard
                        ? "must be a standard resource for containers"
                        : "must be a standard resource type or fully qualified"));
    }

    /// A resource that a LimitRange may speak of.
    public void resourceName(String name, String path) {
        name(name, path, Names.qualifiedName(name));
        if (!name.contains("/") && !ResourceNames.standard(name))
            errors.add(FieldError.invalid(path, name, "must be a standard resource type or fully qualified"));
    }

    /// A resource that a ResourceQuota may limit.
    public void quotaName(String name, String path) {
        name(name, path, Names.qualifiedName(name));
        if (!name.contains("/") && !ResourceNames.quota(name))
            errors.add(FieldError.invalid(path, name, "must be a standard resource for quota"));
    }

    public static boolean sameMap(Map<String, Object> left, Map<String, Object> right) {
        return Trees.semanticEquals(left, right);
    }

    /// Whether a selector can be used at all; one that is not there chooses nothing.
    public static boolean selectorWorks(View selector) {
        var check = new Check();
        check.labelSelector(selector, "");
        return check.errors.isEmpty();
    }

    /// Whether a pod template's labels are what its selector wants; without a selector they are not.
    public void templateMatches(View selector, View template, String path) {
        var parsed = LabelSelector.ofObject(selector);
        if (!selector.exists() || !parsed.isEmpty() && !parsed.matches(template.labels())) {
            errors.add(FieldError.invalid(
                    path, template.metadata().get("labels").map(), "`selector` does not match template `labels`"));
        }
    }
}
