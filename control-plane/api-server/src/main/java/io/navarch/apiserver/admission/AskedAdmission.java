package io.navarch.apiserver.admission;

import io.navarch.apiserver.registry.Asking;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.apiserver.request.SlowLane;
import io.navarch.objects.View;
import io.navarch.schema.admission.Operation;
import io.navarch.schema.subresource.DeleteOptions;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Asks others about the calls of handlers. While they think, nobody takes the call for a short one.
public final class AskedAdmission {
    private final DynamicAdmission dynamic;
    private final Resources resources;
    private final AdmissionTimes times;
    private final SlowLane lane;

    public AskedAdmission(DynamicAdmission dynamic, Resources resources, AdmissionTimes times, SlowLane lane) {
        this.dynamic = dynamic;
        this.resources = resources;
        this.times = times;
        this.lane = lane;
    }

    /// A write of a whole object, or of a part that is seen as one.
    ///
    /// @param name `""` for one that is not known yet
    public AdmissionCall ofObject(ResourceRequest request, Operation operation, String name) {
        // Nobody takes the call for a short one anyway.
        var forms = new ObjectForms(resources, request.endpoint().asking(Asking.ALONE));
        return AdmissionCall.of(request, operation, name, forms, AdmissionCall.options(request, operation));
    }

    public AdmissionCall ofDeletion(ResourceRequest request, DeleteOptions options) {
        var forms = new ObjectForms(resources, request.endpoint());
        var told = View.of(options.tree());
        return AdmissionCall.of(request, Operation.DELETE, request.info().name(), forms, told);
    }

    /// A call of a subresource that is sent an object of a type of its own.
    public AdmissionCall ofSubresource(ResourceRequest request, Operation operation, ObjectType type, String name) {
        var forms = new SingleForm(request, type);
        return AdmissionCall.of(request, operation, name, forms, AdmissionCall.options(request, operation));
    }

    /// Lets others change an object.
    ///
    /// @param plugins what the server itself does with an object that others have changed, before they see it again
    /// @return the same object, or another one
    public Map<String, Object> mutate(
            AdmissionCall call, Map<String, Object> object, View old, UnaryOperator<Map<String, Object>> plugins) {
        if (!dynamic.mutates(call)) return object;
        lane.leaveShort();
        try {
            var mutations = dynamic.mutations(call, old);
            var changed = mutations.pass(object);
            return mutations.again() ? mutations.pass(plugins.apply(changed)) : changed;
        } finally {
            lane.enterShort();
        }
    }

    public boolean validates(AdmissionCall call) {
        return dynamic.validates(call);
    }

    /// Lets others refuse a call.
    ///
    /// @param object absent on deletion
    public void validate(AdmissionCall call, View object, View old) {
        if (!dynamic.validates(call)) return;
        lane.leaveShort();
        try {
            dynamic.validate(call, object, old);
        } finally {
            lane.enterShort();
        }
    }

    /// Both, for a new object of a kind whose objects are not stored.
    public Map<String, Object> created(ResourceRequest request, Map<String, Object> object) {
        var endpoint = request.endpoint();
        var type = new ObjectType(
                endpoint.kind().group(),
                endpoint.version().name(),
                endpoint.kind().kind());
        return review(ofSubresource(request, Operation.CREATE, type, name(object)), object);
    }

    /// Both, for a call whose object others may change, and which is not stored as it is.
    public Map<String, Object> review(AdmissionCall call, Map<String, Object> object) {
        var admitted = times.admit(call.operation(), () -> mutate(call, object, View.ABSENT, changed -> changed));
        times.validate(call.operation(), () -> validate(call, View.of(admitted), View.ABSENT));
        return admitted;
    }

    /// Both, for a call that leads elsewhere, if others can be asked about it.
    public void connect(ResourceRequest request) {
        ConnectOptions.of(request).ifPresent(options -> {
            var name = request.info().name();
            review(ofSubresource(request, Operation.CONNECT, options.type(), name), options.tree());
        });
    }

    /// Lets those see a deletion who may change things.
    public void deleting(AdmissionCall call, View old) {
        if (!dynamic.mutates(call)) return;
        lane.leaveShort();
        try {
            times.admit(call.operation(), () -> {
                dynamic.mutations(call, old).passNothing();
                return call;
            });
        } finally {
            lane.enterShort();
        }
    }

    /// What an object is called, if it has a name.
    public static String name(Map<String, Object> object) {
        return View.of(object).name();
    }
}
