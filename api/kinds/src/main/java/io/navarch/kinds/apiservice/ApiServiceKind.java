package io.navarch.kinds.apiservice;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// APIService: a group and version of the API, and who serves it.
public final class ApiServiceKind {
    private ApiServiceKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("apiregistration.k8s.io", "APIService", "apiservices")
                .version(
                        "v1",
                        types.get("V1APIService"),
                        Columns.NAME,
                        Columns.text("Service", ApiServiceKind::service),
                        Columns.text("Available", ApiServiceKind::available),
                        Columns.AGE)
                .categories("api-extensions")
                .clusterScoped()
                .storedUnder("/registry/apiregistration.k8s.io/apiservices/")
                .named(Names::pathSegment)
                .withStatus()
                .preparedBy(ApiServiceKind::prepare)
                .updatedConditionally()
                .statusRuledBy((service, old) -> {
                    var check = new Check();
                    int i = 0;
                    for (var condition : service.status().get("conditions").views())
                        check.oneOf(
                                condition.get("status"),
                                "status.conditions[" + i++ + "].status",
                                Set.of("True", "False", "Unknown"));
                    return check.errors();
                })
                .ruledBy(ApiServiceKind::check);
    }

    /// A group that this server has itself is there from the first moment.
    private static void prepare(Map<String, Object> object, View old) {
        var view = View.of(object);
        if (old.exists() || view.spec().get("service").exists()) return;
        var condition = Trees.map(
                "type", "Available",
                "status", "True",
                "lastTransitionTime", view.metadata().get("creationTimestamp").value(),
                "reason", "Local",
                "message", "Local APIServices are always available");
        Trees.put(object, Trees.list(condition), "status", "conditions");
    }

    private static String service(View object) {
        var service = object.spec().get("service");
        return service.exists()
                ? service.get("namespace").string() + "/" + service.get("name").string()
                : "Local";
    }

    private static String available(View object) {
        var condition = object.status().get("conditions").find("type", "Available");
        if (!condition.exists()) return "Unknown";
        var status = condition.get("status").string();
        return status.equals("True")
                ? status
                : status + " (" + condition.get("reason").string() + ")";
    }

    private static List<FieldError> check(View object, View old) {
        var check = new Check();
        var spec = object.spec();
        var wanted = spec.get("version").string() + "." + spec.get("group").string();
        if (!object.name().equals(wanted))
            check.add(FieldError.invalid(
                    "metadata.name", object.name(), "must be `spec.version+\".\"+spec.group`: \"" + wanted + "\""));
        var group = spec.get("group").string();
        if (group.isEmpty() && !spec.get("version").string().equals("v1"))
            check.add(
                    FieldError.required("spec.group", "only v1 may have an empty group and it better be legacy kube"));
        if (!group.isEmpty()) check.name(group, "spec.group", Names.dnsSubdomain(group));
        var version = spec.get("version").string();
        check.name(version, "spec.version", Names.dns1035Label(version));
        long minimum = spec.get("groupPriorityMinimum").longOr(0);
        if (minimum <= 0 || minimum > 20000)
            check.add(FieldError.invalid("spec.groupPriorityMinimum", minimum, "must be positive and less than 20000"));
        long priority = spec.get("versionPriority").longOr(0);
        if (priority <= 0 || priority > 1000)
            check.add(FieldError.invalid("spec.versionPriority", priority, "must be positive and less than 1000"));
        boolean bundle = !spec.get("caBundle").string().isEmpty();
        boolean insecure = spec.get("insecureSkipTLSVerify").bool();
        var service = spec.get("service");
        if (!service.exists()) {
            if (bundle)
                check.add(FieldError.invalid("spec.caBundle", bundle, "local APIServices may not have a caBundle"));
            if (insecure)
                check.add(FieldError.invalid(
                        "spec.insecureSkipTLSVerify", true, "local APIServices may not have insecureSkipTLSVerify"));
            return check.errors();
        }
        check.required(service.get("namespace"), "spec.service.namespace");
        check.required(service.get("name"), "spec.service.name");
        check.port(service.get("port"), "spec.service.port");
        if (insecure && bundle)
            check.add(FieldError.invalid("spec.insecureSkipTLSVerify", true, "may not be true if caBundle is present"));
        return check.errors();
    }
}
