package io.navarch.kinds.deviceclass;

import io.navarch.expressions.Environment;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What requests for devices must be, in claims, in their templates and in classes.
public final class DeviceRules {
    private DeviceRules() {}

    public static void selectors(View selectors, String path, ExpressionRules expressions) {
        var check = expressions.errors();
        int i = 0;
        for (var selector : selectors.views()) {
            var at = path + "[" + i++ + "].cel";
            if (!selector.get("cel").exists()) check.add(FieldError.required(at));
            else expressions.check(selector.get("cel", "expression"), at + ".expression", Environment.device());
        }
    }

    public static void configurations(View configurations, Set<String> requests, String path, Check check) {
        int i = 0;
        for (var configuration : configurations.views()) {
            var at = path + "[" + i++ + "]";
            names(configuration.get("requests"), requests, at + ".requests", check);
            var opaque = configuration.get("opaque");
            if (!opaque.exists()) {
                check.add(FieldError.required(at + ".opaque"));
                continue;
            }
            var driver = opaque.get("driver").string();
            if (check.required(opaque.get("driver"), at + ".opaque.driver"))
                check.name(driver, at + ".opaque.driver", Names.dnsSubdomain(driver));
            if (!opaque.get("parameters").exists()) check.add(FieldError.required(at + ".opaque.parameters"));
            else if (!opaque.get("parameters").isMap())
                check.add(FieldError.invalid(
                        at + ".opaque.parameters", opaque.get("parameters").value(), "must be a valid JSON object"));
        }
    }

    private static void names(View names, Set<String> requests, String path, Check check) {
        int i = 0;
        for (var name : names.strings()) {
            if (!requests.contains(name.split("/")[0]))
                check.add(
                        FieldError.invalid(
                                path + "[" + i + "]",
                                name,
                                "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'"));
            i++;
        }
    }

    /// `spec.devices` of a claim.
    public static void claim(View devices, String path, ExpressionRules expressions) {
        var check = expressions.errors();
        var names = new HashSet<String>();
        int i = 0;
        for (var request : devices.get("requests").views()) {
            var at = path + ".requests[" + i++ + "]";
            var name = request.get("name").string();
            if (check.required(request.get("name"), at + ".name")) {
                check.name(name, at + ".name", Names.dnsLabel(name));
                if (!names.add(name)) check.add(FieldError.duplicate(at + ".name", name));
            }
            var exactly = request.get("exactly");
            boolean several = !request.get("firstAvailable").list().isEmpty();
            if (exactly.exists() && several)
                check.add(FieldError.invalid(
                        at,
                        request.map(),
                        "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set"));
            if (!exactly.exists() && !several)
                check.add(FieldError.required(at, "exactly one of `exactly` or `firstAvailable` is required"));
            if (exactly.exists()) request(exactly, at + ".exactly", expressions);
            int j = 0;
            for (var option : request.get("firstAvailable").views()) {
                var here = at + ".firstAvailable[" + j++ + "]";
                check.required(option.get("name"), here + ".name");
                request(option, here, expressions);
            }
        }
        i = 0;
        for (var constraint : devices.get("constraints").views()) {
            var at = path + ".constraints[" + i++ + "]";
            names(constraint.get("requests"), names, at + ".requests", check);
            if (!constraint.get("matchAttribute").exists()
                    && !constraint.get("distinctAttribute").exists())
                check.add(FieldError.required(at + ".matchAttribute"));
        }
        configurations(devices.get("config"), names, path + ".config", check);
    }

    private static void request(View request, String path, ExpressionRules expressions) {
        var check = expressions.errors();
        var name = request.get("deviceClassName").string();
        if (check.required(request.get("deviceClassName"), path + ".deviceClassName"))
            check.name(name, path + ".deviceClassName", Names.dnsSubdomain(name));
        selectors(request.get("selectors"), path + ".selectors", expressions);
        boolean all = request.get("allocationMode").string().equals("All");
        var count = request.get("count");
        if (all && count.longOr(0) != 0)
            check.add(FieldError.invalid(
                    path + ".count", count.value(), "must not be specified when allocationMode is 'All'"));
        if (!all && count.longOr(1) <= 0)
            check.add(FieldError.invalid(path + ".count", count.value(), "must be greater than zero"));
    }

    /// One device is meant unless a number is given.
    @SuppressWarnings("unchecked")
    public static void defaults(View devices) {
        for (var request : devices.get("requests").views()) {
            var all = new ArrayList<>(request.get("firstAvailable").list());
            all.add(request.get("exactly").value());
            for (var each : all) {
                if (!(each instanceof Map<?, ?> map)) continue;
                var exact = (Map<String, Object>) map;
                Trees.putIfAbsent(exact, "ExactCount", "allocationMode");
                if ("ExactCount".equals(exact.get("allocationMode"))) Trees.putIfAbsent(exact, 1L, "count");
            }
        }
    }
}
