package io.navarch.expressions;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an expression can speak of, and what it must come to.
///
/// @param variables types by name (`object: dyn`); a name may be qualified (`variables.replicas`)
/// @param structures structures of its own by name, each with its fields' types
/// @param results types that the expression may come to; none for any
/// @param objectLiterals whether `Object.spec{…}` builds a part of an object
public record CelEnvironment(
        Map<String, String> variables,
        Map<String, Map<String, String>> structures,
        List<String> results,
        boolean objectLiterals) {
    public CelEnvironment {
        variables = Map.copyOf(variables);
    }

    /// What conditions and policies of admission see.
    public static CelEnvironment admission() {
        var variables = new LinkedHashMap<String, String>();
        variables.put("object", "dyn");
        variables.put("oldObject", "dyn");
        variables.put("request", "kubernetes.AdmissionRequest");
        variables.put("authorizer", "kubernetes.authorization.Authorizer");
        variables.put("namespaceObject", "kubernetes.Namespace");
        variables.put("authorizer.requestResource", "kubernetes.authorization.ResourceCheck");
        return new CelEnvironment(variables, Map.of(), List.of("bool"), false);
    }

    /// What a selector of devices sees.
    public static CelEnvironment device() {
        return new CelEnvironment(Map.of("device", "kubernetes.DRADevice"), Map.of(), List.of("bool", "dyn"), false);
    }

    public CelEnvironment with(String variable, String type) {
        var more = new LinkedHashMap<>(variables);
        more.put(variable, type);
        return new CelEnvironment(more, structures, results, objectLiterals);
    }

    /// The same variables for an expression that comes to one of these types.
    public CelEnvironment comingTo(String... types) {
        return new CelEnvironment(variables, structures, List.of(types), objectLiterals);
    }

    /// As this one, and parts of the object can be written as `Object.spec{…}`.
    public CelEnvironment buildingObjects() {
        return new CelEnvironment(variables, structures, List.of("Object"), true);
    }
}
