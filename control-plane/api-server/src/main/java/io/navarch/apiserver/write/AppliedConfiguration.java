package io.navarch.apiserver.write;

import io.navarch.apiserver.registry.Endpoint;
import io.navarch.apiserver.request.FieldValidation;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.ownership.AppliedTypes;
import io.navarch.schema.types.Schema;
import java.util.List;
import java.util.Map;

/// The configuration of a server-side apply, checked that it is one for this object.
///
/// @param tree the configuration, with the name and namespace of the request
/// @param reference the object as errors name it, by what was sent
/// @param type the kind as errors name it
record AppliedConfiguration(Map<String, Object> tree, String reference, String type) {
    /// What a configuration must look like: the object's own form, or that of a subresource.
    record Form(String apiVersion, String kind, Schema schema) {
        static Form of(Endpoint endpoint) {
            return new Form(
                    endpoint.apiVersion(),
                    endpoint.kind().kind(),
                    endpoint.version().schema());
        }
    }

    static AppliedConfiguration read(ResourceRequest request, byte[] bytes, Form form) {
        var document = decode(bytes);
        var sent = View.of(document.tree()).map();
        var view = View.of(sent);
        checkForm(view, form);
        request.endpoint().kind().readOldForm(sent).forEach(request.response()::warn);
        var type = type(form.apiVersion, form.kind);
        var reference = view.namespace() + "/" + view.name() + "; " + type;
        var error = AppliedTypes.check(sent, form.schema);
        if (error.isPresent()) {
            throw new ApiException(
                    ApiException.Reason.UNKNOWN,
                    "failed to create typed patch object (" + reference + "): " + error.get());
        }
        complain(request, document.duplicates());
        if (!view.name().isEmpty()) Preconditions.checkName(request, view);
        var info = request.info();
        var metadata = AnyObject.editMetadata(sent).name(info.name());
        if (request.endpoint().kind().namespaced()) metadata.namespace(info.namespace());
        return new AppliedConfiguration(sent, reference, type);
    }

    /// What is answered when the merged object is none of the kind.
    ApiException unconvertible(String why) {
        return new ApiException(
                ApiException.Reason.UNKNOWN,
                "failed to convert new object (" + reference + ") to proper version: unable to convert unstructured"
                        + " object to " + type + ": " + why);
    }

    private static Json.Document decode(byte[] bytes) {
        Json.Document document;
        try {
            document = jsonOrYaml(bytes);
        } catch (Json.MalformedException e) {
            throw ApiException.badRequest("error decoding YAML: error converting YAML to JSON: " + e.getMessage());
        }
        if (document.tree() == null) return new Json.Document(Trees.map(), List.of());
        if (!(document.tree() instanceof Map<?, ?>)) {
            throw ApiException.badRequest(
                    "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
                            + GoText.kind(document.tree()) + " into Go value of type map[string]interface {}");
        }
        return document;
    }

    private static void complain(ResourceRequest request, List<Json.Duplicate> duplicates) {
        if (duplicates.isEmpty()) return;
        var texts = duplicates.stream().map(Json.Duplicate::complaint).toList();
        FieldValidation.report(
                request,
                texts,
                () -> ApiException.badRequest(
                        "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  "
                                + String.join("\n  ", texts)));
    }

    /// Most clients send JSON as YAML, and reading JSON is quicker; text in braces that is not JSON may still be YAML.
    private static Json.Document jsonOrYaml(byte[] bytes) {
        if (bytes.length > 0 && bytes[0] == '{') {
            try {
                var document = Json.read(bytes);
                // What a key is called that is there twice, the other reader knows.
                if (document.duplicates().isEmpty()) return document;
            } catch (Json.MalformedException e) {
                return Yaml.read(bytes);
            }
        }
        return Yaml.read(bytes);
    }

    private static void checkForm(View sent, Form form) {
        var version = sent.get(AnyObject.API_VERSION).string();
        var kind = sent.get(AnyObject.KIND).string();
        if (!version.equals(form.apiVersion) || !kind.equals(form.kind))
            throw ApiException.badRequest("invalid object type: " + type(version, kind));
        if (sent.metadata().get(ObjectMeta.MANAGED_FIELDS).exists())
            throw ApiException.badRequest("metadata.managedFields must be nil");
    }

    private static String type(String version, String kind) {
        int slash = version.indexOf('/');
        if (slash != version.lastIndexOf('/')) return "/, Kind=";
        return (slash < 0 ? "/" : "") + version + ", Kind=" + kind;
    }
}
