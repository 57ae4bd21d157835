package io.navarch.kinds.deviceclass;

import io.navarch.expressions.CelEnvironment;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.model.CELDeviceSelector;
import io.navarch.model.DeviceAllocationMode;
import io.navarch.model.DeviceClaim;
import io.navarch.model.DeviceRequest;
import io.navarch.model.DeviceSelector;
import io.navarch.model.DeviceTaintEffect;
import io.navarch.model.DeviceToleration;
import io.navarch.model.DeviceTolerationOperator;
import io.navarch.model.Enumeration;
import io.navarch.model.ExactDeviceRequest;
import io.navarch.model.OpaqueDeviceConfiguration;
import io.navarch.objects.FieldError;
import io.navarch.objects.Json;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/// What requests for devices must be, in claims, in their templates and in classes.
public final class DeviceRules {
    private static final int LONGEST_EXPRESSION = 10 << 10;
    private static final int LONGEST_PARAMETERS = 10 << 10;
    private static final int MOST = 32;
    private static final int MOST_ALTERNATIVES = 8;
    private static final int MOST_CONDITIONS = 4;

    private DeviceRules() {}

    static void selectors(List<DeviceSelector> selectors, String path, ExpressionRules expressions) {
        if (!expressions.errors().few(selectors.size(), MOST, path)) return;
        Check.each(selectors, path, (selector, at) -> {
            var cel = selector.cel();
            if (expressions.errors().required(cel, at + ".cel")) expression(cel, at + ".cel.expression", expressions);
        });
    }

    private static void expression(CELDeviceSelector selector, String path, ExpressionRules expressions) {
        if (selector.expression().length() > LONGEST_EXPRESSION)
            expressions.errors().longest(selector.expression(), path, LONGEST_EXPRESSION);
        else
            expressions.compiled(
                    selector.raw(CELDeviceSelector.EXPRESSION), path, ExpressionRules.scope(CelEnvironment.device()));
    }

    /// The parameters of a driver, which nobody else understands.
    public static void opaque(OpaqueDeviceConfiguration opaque, String path, Check check) {
        if (!opaque.exists()) {
            check.add(FieldError.required(path));
            return;
        }
        var driver = opaque.driver();
        DeviceNames.driver(driver, path + ".driver", check);
        raw(opaque.parameters(), path + ".parameters", LONGEST_PARAMETERS, check);
    }

    /// An object that only a driver understands.
    public static void raw(View object, String path, int longest, Check check) {
        if (!object.exists()) check.add(FieldError.required(path));
        else if (Json.write(object.value()).length > longest)
            check.add(FieldError.tooLong(path, "may not be more than " + longest + " bytes"));
        else if (!object.isMap()) check.invalid(path, "<value omitted>", "must be a valid JSON object");
    }

    /// The requests of a claim that others may name, and their alternatives as `request/alternative`.
    public static Set<String> requests(DeviceClaim devices) {
        var names = new HashSet<String>();
        for (var request : devices.requests()) {
            names.add(request.name());
            for (var option : request.firstAvailable()) names.add(request.name() + "/" + option.name());
        }
        return names;
    }

    public static void references(List<String> names, Set<String> requests, String path, Check check) {
        if (!check.few(names.size(), MOST, path)) return;
        var seen = new HashSet<String>();
        Check.each(names, path, (name, at) -> {
            reference(name, requests, at, check);
            if (!seen.add(name)) check.duplicate(at, name);
        });
    }

    /// The name of a request, or of one of its alternatives.
    public static void reference(String name, Set<String> requests, String path, Check check) {
        var segments = name.split("/", -1);
        if (segments.length <= 2) for (var segment : segments) check.name(segment, path, Names.dnsLabel(segment));
        if (!requests.contains(name))
            check.invalid(
                    path,
                    name,
                    "must be the name of a request in the claim or the name of a request and a subrequest separated"
                            + " by '/'");
    }

    /// Conditions that say when a device is bound, and those that say that it failed to be, go together.
    public static void binding(List<String> wanted, List<String> failed, String at, Check check) {
        conditions(wanted, at + ".bindingConditions", check);
        conditions(failed, at + ".bindingFailureConditions", check);
        Check.each(failed, at + ".bindingFailureConditions", (condition, here) -> {
            if (wanted.contains(condition))
                check.invalid(here, condition, "bindingFailureConditions must not overlap with bindingConditions");
        });
        if (wanted.isEmpty() && !failed.isEmpty())
            check.invalid(
                    at + ".bindingConditions", null, "bindingConditions are required to use bindingFailureConditions");
        if (failed.isEmpty() && !wanted.isEmpty())
            check.invalid(
                    at + ".bindingFailureConditions",
                    null,
                    "bindingFailureConditions are required to use bindingConditions");
    }

    private static void conditions(List<String> names, String at, Check check) {
        if (names.size() > MOST_CONDITIONS)
            check.add(FieldError.tooMany(at, names.size(), "must have at most " + MOST_CONDITIONS + " items"));
        var seen = new HashSet<String>();
        Check.each(names, at, (name, here) -> {
            if (names.size() <= MOST_CONDITIONS) check.name(name, here, Names.qualifiedName(name));
            if (!seen.add(name)) check.duplicate(here, name);
        });
    }

    /// `spec.devices` of a claim.
    public static void claim(DeviceClaim devices, String path, ExpressionRules expressions) {
        var check = expressions.errors();
        var all = requests(devices);
        var names = new HashSet<String>();
        each(devices.requests(), path + ".requests", check, (request, at) -> {
            var name = request.name();
            check.name(name, at + ".name", Names.dnsLabel(name));
            if (!names.add(name)) check.duplicate(at, name);
            alternatives(request, at, expressions);
        });
        each(devices.constraints(), path + ".constraints", check, (constraint, at) -> {
            references(constraint.requests(), all, at + ".requests", check);
            if (constraint.hasMatchAttribute())
                DeviceNames.fullyQualified(constraint.matchAttribute(), at + ".matchAttribute", check);
            if (constraint.hasDistinctAttribute())
                DeviceNames.fullyQualified(constraint.distinctAttribute(), at + ".distinctAttribute", check);
            if (!constraint.hasMatchAttribute() && !constraint.hasDistinctAttribute())
                check.missing(
                        at,
                        "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but multiple fields"
                                + " are set");
        });
        each(devices.config(), path + ".config", check, (configuration, at) -> {
            references(configuration.requests(), all, at + ".requests", check);
            opaque(configuration.opaque(), at + ".opaque", check);
        });
    }

    /// As [Check#each], unless there are too many.
    static <T> void each(List<T> elements, String path, Check check, BiConsumer<T, String> rule) {
        if (check.few(elements.size(), MOST, path)) Check.each(elements, path, rule);
    }

    private static void alternatives(DeviceRequest request, String at, ExpressionRules expressions) {
        var check = expressions.errors();
        var exactly = request.exactly();
        boolean several = !request.firstAvailable().isEmpty();
        if (exactly.exists() && several)
            check.add(FieldError.invalid(
                    at, null, "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set"));
        if (!exactly.exists() && !several)
            check.add(FieldError.required(at, "exactly one of `exactly` or `firstAvailable` is required"));
        if (exactly.exists() == several) return;
        if (exactly.exists()) request(exactly, at + ".exactly", expressions);
        if (!check.few(request.firstAvailable().size(), MOST_ALTERNATIVES, at + ".firstAvailable")) return;
        var names = new HashSet<String>();
        Check.each(request.firstAvailable(), at + ".firstAvailable", (option, here) -> {
            check.name(option.name(), here + ".name", Names.dnsLabel(option.name()));
            if (!names.add(option.name())) check.duplicate(here, option.name());
            request(ExactDeviceRequest.of(option.view()), here, expressions);
        });
    }

    /// An alternative has the fields of an exact request, and a name.
    private static void request(ExactDeviceRequest request, String path, ExpressionRules expressions) {
        var check = expressions.errors();
        var name = request.deviceClassName();
        if (check.required(request.raw(ExactDeviceRequest.DEVICE_CLASS_NAME), path + ".deviceClassName"))
            check.name(name, path + ".deviceClassName", Names.dnsSubdomain(name));
        selectors(request.selectors(), path + ".selectors", expressions);
        Check.each(request.tolerations(), path + ".tolerations", (toleration, at) -> {
            if (!toleration.key().isEmpty())
                check.name(toleration.key(), at + ".key", Names.qualifiedName(toleration.key()));
            switch (toleration.operator()) {
                case EQUAL -> check.name(toleration.value(), at + ".value", Names.labelValue(toleration.value()));
                case EXISTS -> {
                    if (!toleration.value().isEmpty())
                        check.invalid(at + ".value", toleration.value(), "must be empty for operator `Exists`");
                }
                case UNSET -> check.add(FieldError.required(at + ".operator"));
                case UNRECOGNIZED ->
                    check.notSupported(
                            at + ".operator",
                            toleration.raw(DeviceToleration.OPERATOR).string(),
                            Enumeration.texts(DeviceTolerationOperator.values()));
            }
            if (!toleration.effect().known() && toleration.hasEffect())
                check.notSupported(
                        at + ".effect",
                        toleration.raw(DeviceToleration.EFFECT).string(),
                        Enumeration.texts(DeviceTaintEffect.values()));
        });
        var mode = request.allocationMode();
        if (!mode.known())
            check.notSupported(
                    path + ".allocationMode",
                    request.raw(ExactDeviceRequest.ALLOCATION_MODE).string(),
                    Enumeration.texts(DeviceAllocationMode.values()));
        boolean all = mode == DeviceAllocationMode.ALL;
        var count = request.raw(ExactDeviceRequest.COUNT).value();
        if (all && request.count() != 0)
            check.add(FieldError.invalid(path + ".count", count, "must not be specified when allocationMode is 'All'"));
        if (mode == DeviceAllocationMode.EXACT_COUNT && request.countOr(0) <= 0)
            check.add(FieldError.invalid(path + ".count", count, "must be greater than zero"));
    }

    /// Without a mode or a count, a request is for one device.
    public static void defaults(DeviceClaim.Builder devices) {
        devices.editRequests(request -> {
            request.editFirstAvailable(option -> defaults(ExactDeviceRequest.edit(option.map())));
            request.editExactly(DeviceRules::defaults);
        });
    }

    private static void defaults(ExactDeviceRequest.Builder request) {
        if (!request.build().hasAllocationMode()) request.allocationMode(DeviceAllocationMode.EXACT_COUNT);
        boolean counted = request.build().allocationMode() == DeviceAllocationMode.EXACT_COUNT;
        if (counted && !request.build().hasCount()) request.count(1);
    }
}
