package io.navarch.admission;

import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.types.Schema;
import io.navarch.schema.walk.GoTypeErrors;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// An `AdmissionReview`: what a webhook is sent, and what of its answer counts.
///
/// @param version of the review
/// @param uid that the answer must repeat
record HookReview(String version, String uid) {
    static final List<String> VERSIONS = List.of("v1", "v1beta1");
    static final String KIND = "AdmissionReview";

    private static final Schema TEXT = Schema.string("");
    private static final Schema STATUS = Schema.object(
            Map.of("status", TEXT, "message", TEXT, "reason", TEXT, "code", Schema.of(Schema.Type.INTEGER)));
    private static final Schema ANSWER = Schema.object(Map.of(
            "response",
            Schema.object(Map.of(
                    "uid", TEXT,
                    "allowed", Schema.of(Schema.Type.BOOLEAN),
                    "status", STATUS,
                    "patch", TEXT,
                    "patchType", TEXT,
                    "auditAnnotations", Schema.mapOf(TEXT),
                    "warnings", Schema.list(TEXT)))));

    /// What a webhook has answered.
    ///
    /// @param status absent where it says no more than yes or no
    /// @param patch what it wants to be changed, undecoded; `""` for nothing
    /// @param annotations for an audit, by keys that count within the webhook
    record Answer(
            boolean allowed,
            View status,
            String patch,
            String patchType,
            List<String> warnings,
            Map<String, String> annotations) {}

    /// The answer is none to what was asked.
    static final class InvalidException extends Exception {
        /// Whether it could not even be read.
        final boolean unreadable;

        InvalidException(String message, boolean unreadable) {
            super(message, null, false, false);
            this.unreadable = unreadable;
        }
    }

    String apiVersion() {
        return "admission.k8s.io/" + version;
    }

    Map<String, Object> question(Shown shown) {
        var request = Trees.map("uid", uid);
        request.putAll(RequestTree.of(shown.call(), shown.as()));
        put(request, "object", shown.object());
        put(request, "oldObject", shown.old());
        put(request, "options", shown.call().options());
        return Trees.map("kind", KIND, "apiVersion", apiVersion(), "request", request);
    }

    private static void put(Map<String, Object> request, String name, View value) {
        Trees.put(request, value.value(), name);
    }

    Answer read(View review, boolean mutating) throws InvalidException {
        var wrong = GoTypeErrors.find(review.map(), ANSWER, KIND);
        if (wrong.isPresent()) throw new InvalidException(wrong.get(), true);
        var response = review.get("response");
        if (!response.exists()) throw invalid("webhook response was absent");
        if (version.equals("v1")) check(review, response, mutating);
        var patch = mutating ? decoded(response.get("patch").string()) : "";
        var type = version.equals("v1") ? response.get("patchType").string() : "JSONPatch";
        return new Answer(
                response.get("allowed").bool(),
                response.get("status"),
                patch,
                type,
                response.get("warnings").strings(),
                response.get("auditAnnotations").stringMap());
    }

    private void check(View review, View response, boolean mutating) throws InvalidException {
        var answered = response.get("uid").string();
        if (!answered.equals(uid)) throw invalid("expected response.uid=\"" + uid + "\", got \"" + answered + "\"");
        var type = type(review.get("apiVersion").string(), review.get("kind").string());
        if (!type.equals(type(apiVersion(), KIND)))
            throw invalid("expected webhook response of " + type(apiVersion(), KIND) + ", got " + type);
        boolean patch = !response.get("patch").string().isEmpty();
        var patchType = response.get("patchType");
        if (!mutating && patch) throw invalid("validating webhook may not return response.patch");
        if (!mutating && patchType.exists()) throw invalid("validating webhook may not return response.patchType");
        if (patch && !patchType.exists()) throw invalid("webhook returned response.patch but not response.patchType");
        if (!patch && patchType.exists()) throw invalid("webhook returned response.patchType but not response.patch");
        if (patchType.exists() && patchType.string().isEmpty())
            throw invalid("webhook returned invalid response.patchType of \"\"");
    }

    private static String type(String apiVersion, String kind) {
        return (apiVersion.contains("/") ? "" : "/") + apiVersion + ", Kind=" + kind;
    }

    private static String decoded(String patch) throws InvalidException {
        try {
            return new String(Base64.getDecoder().decode(patch), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidException("illegal base64 data in AdmissionResponse.patch", true);
        }
    }

    private static InvalidException invalid(String why) {
        return new InvalidException(why, false);
    }

    /// @throws InvalidException when it is no list of operations
    static List<?> operations(String patch) throws InvalidException {
        try {
            var tree = Json.parse(patch.getBytes(StandardCharsets.UTF_8));
            if (tree == null) return List.of();
            if (!(tree instanceof List<?> list)) throw undecodable(tree, "Patch");
            for (var operation : list)
                if (operation != null && !(operation instanceof Map)) throw undecodable(operation, "Operation");
            return list;
        } catch (Json.MalformedException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private static InvalidException undecodable(Object value, String type) {
        return invalid("json: cannot unmarshal " + GoText.kind(value) + " into Go value of type jsonpatch." + type);
    }
}
