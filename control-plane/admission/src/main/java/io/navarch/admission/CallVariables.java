package io.navarch.admission;

import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.model.Resources;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What expressions see of a call. What few of them look at is only made when they do.
record CallVariables(Admission.Lookup objects, Authorizer authorizer) {
    Map<String, @Nullable Object> of(Shown shown) {
        var call = shown.call();
        var rights = new Once<>(() -> new CallerRights(authorizer, call.user()));
        var variables = new LinkedHashMap<String, @Nullable Object>();
        variables.put("request", new Once<>(() -> RequestTree.of(call, shown.as())));
        variables.put("object", shown.object().value());
        variables.put("oldObject", shown.old().value());
        variables.put("namespaceObject", new Once<@Nullable Object>(() -> namespace(call)));
        variables.put("authorizer", rights);
        variables.put(
                "authorizer.requestResource", new Once<>(() -> rights.get().ofCall(call)));
        return variables;
    }

    /// A namespace is in none.
    private @Nullable Object namespace(AdmissionCall call) {
        if (call.namespace().isEmpty() || CallRule.namespaceItself(call.asked())) return null;
        var type = Resources.NAMESPACES;
        var namespace = objects.get(type.group(), type.plural(), "", call.namespace());
        if (!namespace.exists()) return null;
        var shown = new LinkedHashMap<>(namespace.map());
        var metadata = new LinkedHashMap<>(View.of(shown).metadata().map());
        metadata.remove(ObjectMeta.MANAGED_FIELDS);
        shown.put(AnyObject.METADATA, metadata);
        return shown;
    }
}
