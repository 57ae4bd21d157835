package io.navarch.apiserver.write;

import io.navarch.apiserver.admission.AdmissionTimes;
import io.navarch.apiserver.registry.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The built-in admission plugins, in the order in which they run.
public final class AdmissionChain {
    private final Resources resources;
    private final List<Admission.Named<Admission.Mutating>> mutating;
    private final List<Admission.Named<Admission.Validating>> validating;
    private final AdmissionTimes times;

    public AdmissionChain(
            Resources resources,
            List<Admission.Named<Admission.Mutating>> mutating,
            List<Admission.Named<Admission.Validating>> validating,
            AdmissionTimes times) {
        this.resources = resources;
        this.times = times;
        this.mutating = mutating;
        this.validating = validating;
    }

    /// Stage: waits for what a new object rests on. Nothing is locked yet, because whoever makes that writes too.
    Map<String, Object> awaitNeeded(Write write, Map<String, Object> object) {
        if (!write.creates()) return object;
        for (var each : mutating) {
            if (!each.plugin().handles(write.call())) continue;
            each.plugin().awaited(write.call(), View.of(object), resources).ifPresent(resources::awaitNeeded);
        }
        return object;
    }

    /// Stage: plugins complete the object or refuse it. A new one has no name yet.
    Map<String, Object> admit(Write write, Map<String, Object> object) {
        refuseIfEnding(write);
        return admit(write, object, false);
    }

    /// Stage: what needs the object's name is completed.
    Map<String, Object> complete(Write write, Map<String, Object> object) {
        return admit(write, object, true);
    }

    private Map<String, Object> admit(Write write, Map<String, Object> object, boolean named) {
        for (var each : mutating) {
            var plugin = each.plugin();
            if (plugin.ofNamed() == named && plugin.handles(write.call()))
                times.admit(each.name(), write.call().operation(), () -> {
                    plugin.admit(write.call(), object, write.old(), resources);
                    return object;
                });
        }
        return object;
    }

    /// Whoever deletes a kind's objects must come to an end.
    private static void refuseIfEnding(Write write) {
        var kind = write.endpoint().kind();
        if (!write.creates() || !kind.ending()) return;
        throw ApiException.forbidden(
                kind.plural(),
                kind.group(),
                write.call().name(),
                "create not allowed while custom resource definition is terminating");
    }

    /// Stage: plugins look at the object as it will be stored.
    Map<String, Object> validate(Write write, Map<String, Object> object) {
        validate(write.call(), View.of(object), write.old());
        return object;
    }

    /// Stage: as [#validate], of plugins that need no lock.
    Map<String, Object> validateFreely(Write write, Map<String, Object> object) {
        return validate(write, object, false);
    }

    /// Stage: as [#validate], of plugins that need one.
    Map<String, Object> validateSerialised(Write write, Map<String, Object> object) {
        return validate(write, object, true);
    }

    private Map<String, Object> validate(Write write, Map<String, Object> object, boolean serialised) {
        var call = write.call();
        for (var each : validating) {
            boolean wanted = each.plugin().handles(call)
                    && each.plugin().serialised(call, resources).isPresent() == serialised;
            if (wanted) validate(each, call, View.of(object), write.old());
        }
        return object;
    }

    /// @param object absent on deletion
    void validate(Admission.Attributes call, View object, View old) {
        for (var each : validating) if (each.plugin().handles(call)) validate(each, call, object, old);
    }

    private void validate(
            Admission.Named<Admission.Validating> each, Admission.Attributes call, View object, View old) {
        times.validate(each.name(), call.operation(), () -> each.plugin().validate(call, object, old, resources));
    }

    /// Under what names plugins want no other such write between admission and store.
    List<String> serialised(Admission.Attributes call) {
        return Stream.<Admission.Named<? extends Admission.Plugin>>concat(mutating.stream(), validating.stream())
                .map(Admission.Named::plugin)
                .filter(plugin -> plugin.handles(call))
                .flatMap(plugin -> plugin.serialised(call, resources).stream())
                .toList();
    }
}
