package io.navarch.expressions;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The variables and types an expression can use, and the types it may have.
///
/// @param variables types by name (`object: dyn`); a name may be qualified (`variables.replicas`)
/// @param structures structures of its own by name, each with its fields' types
/// @param results the types that the expression may have; empty for any
/// @param objectLiterals whether `Object.spec{…}` builds a part of an object
public record CelEnvironment(
        Map<String, String> variables,
        Map<String, Map<String, String>> structures,
        List<String> results,
        boolean objectLiterals) {
    private static final Set<String> FIXED = Set.of("dyn", "map<string,dyn>");

    public CelEnvironment {
        variables = Map.copyOf(variables);
    }

    /// The variables of admission conditions and policies.
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

    /// The variables of device selectors.
    public static CelEnvironment device() {
        return new CelEnvironment(Map.of("device", "kubernetes.DRADevice"), Map.of(), List.of("bool", "dyn"), false);
    }

    /// The variables alone: all that a compiler has to know.
    CelEnvironment bare() {
        return new CelEnvironment(variables, structures, List.of(), false);
    }

    /// Whether all types are Kubernetes' own, and no schema or policy of somebody else has made up one.
    boolean fixed() {
        return structures.isEmpty()
                && variables.values().stream().allMatch(type -> FIXED.contains(type) || type.startsWith("kubernetes."));
    }

    public CelEnvironment with(String variable, String type) {
        var more = new LinkedHashMap<>(variables);
        more.put(variable, type);
        return new CelEnvironment(more, structures, results, objectLiterals);
    }

    /// This environment without a variable.
    public CelEnvironment without(String variable) {
        var fewer = new LinkedHashMap<>(variables);
        fewer.remove(variable);
        return new CelEnvironment(fewer, structures, results, objectLiterals);
    }

    /// The same variables, where types may be these structures, too.
    public CelEnvironment knowing(Map<String, Map<String, String>> more) {
        var all = new LinkedHashMap<>(structures);
        all.putAll(more);
        return new CelEnvironment(variables, all, results, objectLiterals);
    }

    /// The same variables, for an expression of one of these types.
    public CelEnvironment comingTo(String... types) {
        return new CelEnvironment(variables, structures, List.of(types), objectLiterals);
    }

    /// This environment, with object literals such as `Object.spec{…}`.
    public CelEnvironment buildingObjects() {
        return new CelEnvironment(variables, structures, List.of("Object"), true);
    }
}
