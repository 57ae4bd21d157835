package io.navarch.admission;

import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.apiserver.admission.AdmissionTimes;
import io.navarch.apiserver.admission.DynamicAdmission;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.Resources;
import io.navarch.client.Webhooks;
import io.navarch.expressions.Expressions;
import io.navarch.model.MutatingWebhook;
import io.navarch.model.MutatingWebhookConfiguration;
import io.navarch.objects.View;
import io.navarch.process.Metrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Everybody whom objects of the API name to be asked about calls: policies, then webhooks.
public final class ConfiguredAdmission implements DynamicAdmission {
    private final Compiled<List<Hook>> mutating;
    private final Compiled<List<Hook>> validating;
    private final AskedPlugins plugins;
    private final AdmissionTimes times;
    private final HookCaller caller;
    private final AdmissionMetrics metrics;
    private final HookSelection mutatingSelection;
    private final ValidatingHooks validatingHooks;
    private final ValidatingPolicies validatingPolicies;
    private final MutatingPolicies.Surroundings mutatingPolicies;

    /// @param authorizer whom expressions ask what somebody may do
    public ConfiguredAdmission(
            Resources resources, Authorizer authorizer, Webhooks webhooks, AskedPlugins plugins, Metrics metrics) {
        this.plugins = plugins;
        times = new AdmissionTimes(metrics);
        var expressions = new Expressions();
        mutating = hooks(resources, "mutatingwebhookconfigurations", expressions);
        validating = hooks(resources, "validatingwebhookconfigurations", expressions);
        caller = new HookCaller(webhooks, plugins.of(AskedPlugins.MUTATING_WEBHOOKS));
        this.metrics = new AdmissionMetrics(metrics);
        var variables = new CallVariables(resources, authorizer);
        mutatingSelection = new HookSelection(resources, variables, this.metrics, "admit");
        validatingHooks = new ValidatingHooks(
                new HookSelection(resources, variables, this.metrics, "validate"),
                new HookCaller(webhooks, plugins.of(AskedPlugins.VALIDATING_WEBHOOKS)),
                this.metrics);
        var selection = new PolicySelection(resources, new Parameters(resources));
        validatingPolicies = new ValidatingPolicies(
                new PolicySource<>(
                        resources,
                        "validatingadmissionpolicies",
                        stored -> ValidatingPolicy.of(stored.name(), stored.read(), expressions),
                        ValidatingPolicy::facts),
                selection,
                variables,
                this.metrics);
        mutatingPolicies = new MutatingPolicies.Surroundings(
                new PolicySource<>(
                        resources,
                        "mutatingadmissionpolicies",
                        stored -> MutatingPolicy.of(stored.name(), stored.read(), expressions),
                        MutatingPolicy::facts),
                selection,
                variables,
                this.metrics);
    }

    private static Compiled<List<Hook>> hooks(Resources resources, String plural, Expressions expressions) {
        return new Compiled<>(resources, plural, stored -> hooks(stored, expressions));
    }

    private static List<Hook> hooks(StoredObject stored, Expressions expressions) {
        var hooks = new ArrayList<Hook>();
        var seen = new HashMap<String, Integer>();
        for (var view : stored.read().get(MutatingWebhookConfiguration.WEBHOOKS).views()) {
            var name = view.get(MutatingWebhook.NAME).string();
            // Two webhooks of one configuration may have one name.
            int before = seen.merge(name, 1, Integer::sum) - 1;
            hooks.add(Hook.of(stored.name() + "/" + name + "/" + before, view, expressions));
        }
        return List.copyOf(hooks);
    }

    private static List<Hook> joined(Compiled<List<Hook>> configurations) {
        var all = configurations.all();
        return all.size() == 1
                ? all.getFirst()
                : all.stream().flatMap(List::stream).toList();
    }

    private boolean on(String plugin) {
        return plugins.on().contains(plugin);
    }

    private List<Hook> mutatingHooks() {
        return on(AskedPlugins.MUTATING_WEBHOOKS) ? joined(mutating) : List.of();
    }

    private List<Hook> validatingHooks() {
        return on(AskedPlugins.VALIDATING_WEBHOOKS) ? joined(validating) : List.of();
    }

    @Override
    public boolean mutates(AdmissionCall call) {
        return !HookSelection.exempt(call)
                && (on(AskedPlugins.MUTATING_POLICIES)
                                && mutatingPolicies.source().any(call)
                        || HookSelection.any(mutatingHooks(), call));
    }

    @Override
    public boolean validates(AdmissionCall call) {
        return !HookSelection.exempt(call)
                && (on(AskedPlugins.VALIDATING_POLICIES)
                                && validatingPolicies.source().any(call)
                        || HookSelection.any(validatingHooks(), call));
    }

    @Override
    public Mutations mutations(AdmissionCall call, View old) {
        var policies = new MutatingPolicies(mutatingPolicies, call, old);
        var round = new HookRound(caller, metrics, call.remarks());
        var hooks = new MutatingHooks(mutatingHooks(), call, old, mutatingSelection, round);
        return new Mutations() {
            @Override
            public Map<String, Object> pass(Map<String, Object> object) {
                var passed = admit(AskedPlugins.MUTATING_POLICIES, object, policies::pass);
                return admit(AskedPlugins.MUTATING_WEBHOOKS, passed, hooks::pass);
            }

            private Map<String, Object> admit(
                    String plugin, Map<String, Object> object, UnaryOperator<Map<String, Object>> step) {
                return on(plugin) ? times.admit(plugin, call.operation(), () -> step.apply(object)) : object;
            }

            @Override
            public void passNothing() {
                admit(AskedPlugins.MUTATING_WEBHOOKS, Map.of(), nothing -> {
                    hooks.passNothing();
                    return nothing;
                });
            }

            @Override
            public boolean again() {
                return policies.changed() || hooks.changed();
            }
        };
    }

    @Override
    public void validate(AdmissionCall call, View object, View old) {
        validate(AskedPlugins.VALIDATING_POLICIES, call, () -> validatingPolicies.validate(call, object, old));
        validate(
                AskedPlugins.VALIDATING_WEBHOOKS,
                call,
                () -> validatingHooks.validate(validatingHooks(), call, object, old));
    }

    private void validate(String plugin, AdmissionCall call, Runnable step) {
        if (on(plugin)) times.validate(plugin, call.operation(), step);
    }
}
