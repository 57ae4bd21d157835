package io.navarch.kinds.apiservice;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.APIService;
import io.navarch.model.APIServiceCondition;
import io.navarch.model.APIServiceSpec;
import io.navarch.model.ApiServiceConditionType;
import io.navarch.model.ApiregistrationServiceReference;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Resources;
import io.navarch.model.StatusCondition;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// APIService: a group and version of the API, and who serves it.
public final class ApiServiceKind {
    private static final List<String> STATUSES = List.of("True", "False", "Unknown");

    private ApiServiceKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.API_SERVICES)
                .version(
                        types.get("V1APIService"),
                        columns -> columns.name()
                                .text("Service", object -> service(object))
                                .text("Available", object -> available(object))
                                .age())
                .categories("api-extensions")
                .storedUnder("/registry/apiregistration.k8s.io/apiservices/")
                .named(Names::pathSegment)
                .withStatus()
                .resetting("status", "metadata", "spec")
                .preparedBy((object, old) -> prepare(object, old))
                .updatedConditionally()
                .statusRuledBy((object, old) -> checkStatus(object))
                .ruledBy((object, old) -> check(object))
                .withAnyFinalizers()
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    /// A local APIService is available from the moment it exists.
    private static void prepare(Map<String, Object> object, APIService old) {
        var service = APIService.edit(object);
        if (old.exists() || service.build().spec().service().exists()) return;
        var condition = APIServiceCondition.builder()
                .type(ApiServiceConditionType.AVAILABLE)
                .status(ConditionStatus.TRUE)
                .lastTransitionTime(service.build().metadata().creationTimestamp())
                .reason("Local")
                .message("Local APIServices are always available")
                .build();
        service.status(status -> status.conditions(List.of(condition)));
    }

    private static String service(APIService object) {
        var service = object.spec().service();
        return service.exists() ? service.namespace() + "/" + service.name() : "Local";
    }

    private static String available(APIService object) {
        return StatusCondition.find(object.status().conditions(), ApiServiceConditionType.AVAILABLE)
                .map(condition -> condition.status() == ConditionStatus.TRUE
                        ? condition.status().text()
                        : condition.status() + " (" + condition.reason() + ")")
                .orElse("Unknown");
    }

    private static List<FieldError> checkStatus(APIService service) {
        var check = new Check();
        int i = 0;
        for (var condition : service.status().conditions())
            check.listed(
                    condition.raw(APIServiceCondition.STATUS).string(),
                    "status.conditions[" + i++ + "].status",
                    STATUSES);
        return check.errors();
    }

    /// Whether a name that could be one is another than it must be.
    private static boolean other(String name, String wanted) {
        return !name.isEmpty()
                && !name.equals(wanted)
                && Names.pathSegment(name).isEmpty();
    }

    private static List<FieldError> check(APIService object) {
        var check = new Check();
        var spec = object.spec();
        var group = spec.group();
        var version = spec.version();
        var wanted = version + "." + group;
        var prefix = object.metadata().generateName();
        var why = "must be `spec.version+\".\"+spec.group`: \"" + wanted + "\"";
        if (other(prefix, wanted)) check.invalid("metadata.generateName", prefix, why);
        if (other(object.name(), wanted)) check.invalid("metadata.name", object.name(), why);
        if (group.isEmpty() && !version.equals("v1"))
            check.add(
                    FieldError.required("spec.group", "only v1 may have an empty group and it better be legacy kube"));
        if (!group.isEmpty()) check.name(group, "spec.group", Names.dnsSubdomain(group));
        check.name(version, "spec.version", Names.dns1035Label(version));
        int minimum = spec.groupPriorityMinimum();
        if (minimum <= 0 || minimum > 20000)
            check.add(FieldError.invalid("spec.groupPriorityMinimum", minimum, "must be positive and less than 20000"));
        int priority = spec.versionPriority();
        if (priority <= 0 || priority > 1000)
            check.add(FieldError.invalid("spec.versionPriority", priority, "must be positive and less than 1000"));
        caller(spec, check);
        return check.errors();
    }

    private static int size(String base64) {
        return Base64.getMimeDecoder().decode(base64).length;
    }

    /// Whom to call, and how to trust them; nobody is called for a local APIService.
    private static void caller(APIServiceSpec spec, Check check) {
        boolean bundle = !spec.raw(APIServiceSpec.CA_BUNDLE).string().isEmpty();
        boolean insecure = spec.insecureSkipTLSVerify();
        var service = spec.service();
        if (!service.exists()) {
            if (bundle)
                check.add(FieldError.invalid(
                        "spec.caBundle",
                        size(spec.raw(APIServiceSpec.CA_BUNDLE).string()) + " bytes",
                        "local APIServices may not have a caBundle"));
            if (insecure)
                check.add(FieldError.invalid(
                        "spec.insecureSkipTLSVerify", true, "local APIServices may not have insecureSkipTLSVerify"));
            return;
        }
        check.required(service.raw(ApiregistrationServiceReference.NAMESPACE), "spec.service.namespace");
        check.required(service.raw(ApiregistrationServiceReference.NAME), "spec.service.name");
        long port = service.raw(ApiregistrationServiceReference.PORT).longOr(443);
        if (port < 1 || port > 65_535)
            check.invalid("spec.service.port", port, "port is not valid: must be between 1 and 65535, inclusive");
        if (insecure && bundle)
            check.add(FieldError.invalid("spec.insecureSkipTLSVerify", true, "may not be true if caBundle is present"));
    }
}
