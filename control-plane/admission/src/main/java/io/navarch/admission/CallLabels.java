package io.navarch.admission;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.model.ObjectMeta;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.Map;
import java.util.stream.Stream;

/// The labels that say whether somebody is asked about a call.
final class CallLabels {
    private CallLabels() {}

    static CallMatch.Labels of(Admission.Lookup objects, AdmissionCall call, View object, View old) {
        return new CallMatch.Labels(
                () -> ofNamespace(objects, call, object),
                Stream.of(object, old).filter(View::exists).map(View::labels).toList());
    }

    /// @throws ApiException 404 when there is no such namespace
    private static Map<String, String> ofNamespace(Admission.Lookup objects, AdmissionCall call, View object) {
        if (CallMatch.writesNamespace(call)) return object.labels();
        var type = Resources.NAMESPACES;
        var namespace = objects.get(type.group(), type.plural(), "", call.namespace());
        if (!namespace.exists()) throw ApiException.notFound(type.plural(), "", call.namespace());
        return namespace.metadata().get(ObjectMeta.LABELS).stringMap();
    }
}
