package io.navarch.kinds.deviceclass;

import io.navarch.expressions.CelEnvironment;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.model.CELDeviceSelector;
import io.navarch.model.DeviceAllocationMode;
import io.navarch.model.DeviceClaim;
import io.navarch.model.DeviceRequest;
import io.navarch.model.DeviceSelector;
import io.navarch.model.DeviceSubRequest;
import io.navarch.model.DeviceTolerationOperator;
import io.navarch.model.ExactDeviceRequest;
import io.navarch.model.OpaqueDeviceConfiguration;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What requests for devices must be, in claims, in their templates and in classes.
public final class DeviceRules {
    private DeviceRules() {}

    static void selectors(List<DeviceSelector> selectors, String path, ExpressionRules expressions) {
        int i = 0;
        for (var selector : selectors) {
            var at = path + "[" + i++ + "].cel";
            var cel = selector.cel();
            if (!cel.exists()) expressions.errors().add(FieldError.required(at));
            else expressions.check(cel.raw(CELDeviceSelector.EXPRESSION), at + ".expression", CelEnvironment.device());
        }
    }

    /// The parameters of a driver, which nobody else understands.
    static void opaque(OpaqueDeviceConfiguration opaque, String path, Check check) {
        if (!opaque.exists()) {
            check.add(FieldError.required(path));
            return;
        }
        var driver = opaque.driver();
        DeviceNames.driver(driver, path + ".driver", check);
        var parameters = opaque.parameters();
        if (!parameters.exists()) check.add(FieldError.required(path + ".parameters"));
        else if (!parameters.isMap())
            check.add(FieldError.invalid(path + ".parameters", parameters.value(), "must be a valid JSON object"));
    }

    private static void names(List<String> names, Set<String> requests, String path, Check check) {
        int i = 0;
        for (var name : names) {
            var at = path + "[" + i++ + "]";
            if (!requests.contains(name.split("/")[0]))
                check.add(
                        FieldError.invalid(
                                at,
                                name,
                                "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'"));
        }
    }

    /// `spec.devices` of a claim.
    public static void claim(DeviceClaim devices, String path, ExpressionRules expressions) {
        var check = expressions.errors();
        var names = new HashSet<String>();
        int i = 0;
        for (var request : devices.requests()) {
            var at = path + ".requests[" + i++ + "]";
            var name = request.name();
            if (check.required(request.raw(DeviceRequest.NAME), at + ".name")) {
                check.name(name, at + ".name", Names.dnsLabel(name));
                if (!names.add(name)) check.add(FieldError.duplicate(at + ".name", name));
            }
            alternatives(request, at, expressions);
        }
        i = 0;
        for (var constraint : devices.constraints()) {
            var at = path + ".constraints[" + i++ + "]";
            names(constraint.requests(), names, at + ".requests", check);
            if (constraint.hasMatchAttribute())
                DeviceNames.fullyQualified(constraint.matchAttribute(), at + ".matchAttribute", check);
            if (constraint.hasDistinctAttribute())
                DeviceNames.fullyQualified(constraint.distinctAttribute(), at + ".distinctAttribute", check);
            if (!constraint.hasMatchAttribute() && !constraint.hasDistinctAttribute())
                check.add(FieldError.required(at + ".matchAttribute"));
        }
        i = 0;
        for (var configuration : devices.config()) {
            var at = path + ".config[" + i++ + "]";
            names(configuration.requests(), names, at + ".requests", check);
            opaque(configuration.opaque(), at + ".opaque", check);
        }
    }

    private static void alternatives(DeviceRequest request, String at, ExpressionRules expressions) {
        var check = expressions.errors();
        var exactly = request.exactly();
        boolean several = !request.firstAvailable().isEmpty();
        if (exactly.exists() && several)
            check.add(FieldError.invalid(
                    at,
                    request.view().map(),
                    "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set"));
        if (!exactly.exists() && !several)
            check.add(FieldError.required(at, "exactly one of `exactly` or `firstAvailable` is required"));
        if (exactly.exists()) request(exactly, at + ".exactly", expressions);
        int i = 0;
        for (var option : request.firstAvailable()) {
            var here = at + ".firstAvailable[" + i++ + "]";
            check.required(option.raw(DeviceSubRequest.NAME), here + ".name");
            request(ExactDeviceRequest.of(option.view()), here, expressions);
        }
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
            if (toleration.operator() == DeviceTolerationOperator.EQUAL)
                check.name(toleration.value(), at + ".value", Names.labelValue(toleration.value()));
            if (toleration.operator() == DeviceTolerationOperator.EXISTS
                    && !toleration.value().isEmpty())
                check.invalid(at + ".value", toleration.value(), "must be empty for operator `Exists`");
        });
        boolean all = request.allocationMode() == DeviceAllocationMode.ALL;
        var count = request.raw(ExactDeviceRequest.COUNT).value();
        if (all && request.count() != 0)
            check.add(FieldError.invalid(path + ".count", count, "must not be specified when allocationMode is 'All'"));
        if (!all && request.countOr(1) <= 0)
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
