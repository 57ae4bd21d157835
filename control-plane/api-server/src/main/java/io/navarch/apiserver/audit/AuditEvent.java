package io.navarch.apiserver.audit;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.AuditRecord;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.User;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An event of a call as it is written. What does not change from one of its events to the next is made once.
///
/// Source: https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
final class AuditEvent {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /// Of what clients say they are.
    private static final int MOST_AGENT = 1024;
    private static final String TRUNCATED = "audit.k8s.io/truncated";

    private final String id;
    private final String call;
    private final String from;
    private final Instant received;

    /// @param user who calls, not who he acts as
    AuditEvent(String id, ApiRequest request, User user, Instant received) {
        this.id = id;
        call = ",\"requestURI\":" + Json.writeString(request.call().uri()) + ",\"verb\":"
                + Json.writeString(request.info().verb()) + ",\"user\":" + Json.writeString(user(user));
        var agent = agent(request.call().header("User-Agent"));
        from = ",\"sourceIPs\":" + Json.writeString(SourceAddresses.of(request.call()))
                + (agent.isEmpty() ? "" : ",\"userAgent\":" + Json.writeString(agent));
        this.received = received;
    }

    private static String agent(String sent) {
        return sent.length() > MOST_AGENT ? sent.substring(0, MOST_AGENT) + "...TRUNCATED" : sent;
    }

    private static Map<String, Object> user(User user) {
        return Trees.map(
                "username", user.name().isEmpty() ? null : user.name(),
                "uid", user.uid().isEmpty() ? null : user.uid(),
                "groups", user.groups().isEmpty() ? null : user.groups(),
                "extra", user.extra().isEmpty() ? null : user.extra());
    }

    /// @param acting who the caller acts as
    /// @param status what was answered, if anything was
    byte[] line(
            AuditStage stage,
            AuditRecord record,
            ApiRequest request,
            Optional<User> acting,
            Optional<Map<String, Object>> status,
            Instant now) {
        var out = new ByteArrayOutputStream(1024);
        text(
                out,
                "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\""
                        + record.level().text() + "\",\"auditID\":" + Json.writeString(id) + ",\"stage\":\""
                        + stage.text() + "\"" + call);
        acting.ifPresent(user -> text(out, ",\"impersonatedUser\":" + Json.writeString(user(user))));
        if (!record.constraint().isEmpty())
            text(
                    out,
                    ",\"authenticationMetadata\":"
                            + Json.writeString(Map.of("impersonationConstraint", record.constraint())));
        text(out, from);
        if (request.info().resourceRequest())
            text(
                    out,
                    ",\"objectRef\":"
                            + Json.writeString(reference(request, record.sent().metadata())));
        status.ifPresent(told -> text(out, ",\"responseStatus\":" + Json.writeString(told)));
        if (stage != AuditStage.REQUEST_RECEIVED) {
            object(out, "requestObject", record.requestObject());
            object(out, "responseObject", record.responseObject());
        }
        var reached = stage == AuditStage.REQUEST_RECEIVED ? received : now;
        text(out, ",\"requestReceivedTimestamp\":\"" + TIME.format(received) + "\"");
        text(out, ",\"stageTimestamp\":\"" + TIME.format(reached) + "\"");
        var annotations = new HashMap<String, Object>(request.response().auditAnnotations());
        if (record.truncated()) annotations.put(TRUNCATED, "true");
        if (!annotations.isEmpty()) text(out, ",\"annotations\":" + Json.writeString(Trees.sorted(annotations)));
        text(out, "}\n");
        return out.toByteArray();
    }

    private static void object(ByteArrayOutputStream out, String name, byte[] json) {
        if (json.length == 0) return;
        text(out, ",\"" + name + "\":");
        out.writeBytes(json);
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> reference(ApiRequest request, View sent) {
        var info = request.info();
        return Trees.map(
                "resource", info.resource(),
                "namespace", either(info.namespace(), sent.get(ObjectMeta.NAMESPACE)),
                "name", either(info.name(), sent.get(ObjectMeta.NAME)),
                "uid", either("", sent.get(ObjectMeta.UID)),
                "apiGroup", either(info.group(), View.ABSENT),
                "apiVersion", info.version(),
                "resourceVersion", either("", sent.get(ObjectMeta.RESOURCE_VERSION)),
                "subresource", either(info.subresource(), View.ABSENT));
    }

    private static @Nullable String either(String known, View sent) {
        var text = known.isEmpty() ? sent.string() : known;
        return text.isEmpty() ? null : text;
    }
}
